"""Can the measurement be trusted?"""
