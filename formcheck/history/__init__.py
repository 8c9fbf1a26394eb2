"""What was trained and when: kept on this machine, in numbers, never in pictures."""
