"""Published scores of need: one file per method, its paper named, its check table beside it in `data/`."""
