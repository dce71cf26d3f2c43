"""Journal notes, the timeline of everything, and the case on paper."""
