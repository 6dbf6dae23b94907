internal import Recurrent
package import RecurrentCore
package import RecurrentNN

extension ForecastNetwork: ExecutableModel {
  package func execution(on pool: WorkerPool) -> TrainingExecution<Scalar, Batch> {
    let execution = summaryExecution(on: pool)
    return TrainingExecution { batch, parameters, mode, _, gradients in
      execution.gradient(
        of: batch.window, beside: batch.ahead, targets: batch.targets, parameters: parameters, mode: mode,
        into: &gradients)
    } loss: { batch, parameters, _ in
      execution.loss(of: batch.window, beside: batch.ahead, targets: batch.targets, parameters: parameters)
    }
  }

  /// The network at work: body, head and linear path in room that is kept.
  package func summaryExecution(on pool: WorkerPool) -> SummaryExecution<Scalar> {
    SummaryExecution(body: body, head: head, linear: linear, loss: loss, layout: layout, pool: pool)
  }
}
