// RecurrentTasks: data, model, loss and metrics together.
