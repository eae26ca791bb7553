"""Control charts: is the process steady?"""
