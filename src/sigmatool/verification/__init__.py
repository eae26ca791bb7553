"""Does a saved report still follow from its data?"""
