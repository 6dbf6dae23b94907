internal import Recurrent
package import RecurrentReports

extension ForecastTraining: TrainingTask {
  package typealias Evaluation = (
    evaluation: ForecastEvaluation, lastRows: [Int], predictions: [[Double]]
  )

  package func configurationBytes(_ folder: RunFolder) throws(TaskError) -> [UInt8] {
    try ForecastDirectory(folder.path).configurationBytes(configuration, data.preparation)
  }

  package var fingerprint: String { ForecastDirectory.fingerprint(configuration, data.preparation) }

  package func modelBytes(_ folder: RunFolder) throws(TaskError) -> [UInt8] {
    try ForecastDirectory(folder.path).modelBytes(model)
  }

  package func evaluate(threads: Int) throws(TaskError) -> Evaluation {
    try taskErrors(DataError.self) { () throws(DataError) in
      try model.evaluate(data, split.test, threads: threads)
    }
  }

  package static func json(_ evaluation: Evaluation) -> JSONValue { evaluation.evaluation.json }

  package func report(_ evaluation: Evaluation) -> HTMLReport { ForecastReport(self, evaluation).page() }
}
