"""How many points, how many weeks, before a review can answer?"""
