"""From frames to poses: the estimator, the finder that climbs its ladder, recordings and models."""
