// Reads a forecaster that `recurrent train forecast` made, and forecasts from the last row of a file.
//
//     swift run UseForecaster weather.model today.csv

import Foundation
import Recurrent
import RecurrentTasks

let arguments = CommandLine.arguments
guard arguments.count == 3 else {
  FileHandle.standardError.write(Data("usage: UseForecaster FOLDER FILE\n".utf8))
  exit(64)
}

let model = try ForecastDirectory(arguments[1]).read()
let table = try Table(
  contentsOf: arguments[2], options: model.configuration.table, as: model.preparation.reading)
let data = try ForecastData(table, preparation: model.preparation)
for step in try model.forecastFuture(data).steps { print(step.time, step.value) }
