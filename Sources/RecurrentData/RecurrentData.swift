// RecurrentData: files of numbers become sequences: CSV, time columns, gaps, splits, normalisers, windows, baselines.
