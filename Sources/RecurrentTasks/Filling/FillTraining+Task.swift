internal import Recurrent
package import RecurrentReports

extension FillTraining: StoredTask {
  package typealias Evaluation = FillEvaluation

  package func evaluate(threads: Int) throws(TaskError) -> FillEvaluation {
    model.evaluate(
      heldOut.isEmpty ? training : heldOut, baselines: FillBaselines(training, vocabulary: vocabulary),
      isTrainingText: heldOut.isEmpty, threads: threads)
  }

  package static func json(_ evaluation: FillEvaluation) -> JSONValue { evaluation.json }

  package func report(_ evaluation: FillEvaluation) -> HTMLReport {
    FillModelReport(self, evaluation).page()
  }
}
