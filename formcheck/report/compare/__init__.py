"""Two results of one exercise side by side: before and after."""
