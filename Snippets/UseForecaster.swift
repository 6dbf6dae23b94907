// Reads a forecaster that `recurrent train forecast` made, and forecasts from the last row of a file.
//
//     swift run UseForecaster weather.model today.csv

import Recurrent
import RecurrentTasks

let arguments = CommandLine.arguments
guard arguments.count == 3 else { fatalError("name a model's folder and a file") }

let model = try ForecastDirectory(arguments[1]).read()
let table = try Table(
  contentsOf: arguments[2], options: model.configuration.table, as: model.preparation.reading)
let data = try ForecastData(table, preparation: model.preparation)
for step in try model.forecastFuture(data).steps { print(step.time, step.value) }
