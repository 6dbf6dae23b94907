// RecurrentReports: SVG plots, self-contained HTML, JSON lines. Knows nothing of models.
