// RecurrentTraining: optimisers, schedules, clipping, trainer, checkpoints.
