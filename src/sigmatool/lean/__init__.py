"""Where is the waste, and is there room to work?"""
