"""Does the process meet its requirement, and how sure are we?"""
