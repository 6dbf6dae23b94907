internal import Recurrent
internal import RecurrentInterchange
package import RecurrentReports

extension FillTraining: TrainingTask {
  package typealias Evaluation = FillEvaluation

  package func configurationBytes(_ folder: RunFolder) throws(TaskError) -> [UInt8] {
    RunFolder.encode(stored)
  }

  package var fingerprint: String {
    let bytes = RunFolder.encode(stored)
    return String(decoding: RunFolder.encode(configuration), as: UTF8.self)
      + "run \(RunFolder.runName(bytes))\n"
  }

  package func modelBytes(_ folder: RunFolder) throws(TaskError) -> [UInt8] {
    var tensors = SafeTensors()
    tensors.add(trainer.state.selectedParameters)
    return try folder.modelBytes(
      tensors, schema: FillFolder.schema, run: RunFolder.runName(RunFolder.encode(stored)))
  }

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
