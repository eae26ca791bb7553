"""Ten thousand processes on one page: which need attention, and which rollouts worked?"""
