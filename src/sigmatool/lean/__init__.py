"""Where is the waste, and is there room to work? Categories of loss, yields of steps, use of equipment."""
