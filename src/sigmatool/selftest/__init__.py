"""The reference cases that ship, and the checks that run this installation against them."""
