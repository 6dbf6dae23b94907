internal import RecurrentCore
internal import RecurrentReports

/// `recurrent doctor`: what this machine is, and whether everything that results rest on works on it.
public struct DoctorVerb: Verb {
  static let threads = ThreadCount.option("Threads that the speed is measured on, beside one.")

  let tests: [SelfTest]
  /// For which the speed is measured.
  let seconds: Double

  public init() { (tests, seconds) = (Self.standardTests, 1.6) }

  /// With other tests, so that a failure can be shown, and a speed that takes no time.
  package init(tests: [SelfTest]) { (self.tests, seconds) = (tests, 0.02) }

  static let standardTests: [SelfTest] = [.generator, .kernels, .gradients, .storage]

  public var definition: VerbDefinition {
    VerbDefinition(
      name: "doctor", summary: "describe this machine and test that everything works on it",
      discussion: """
        Prints the processor, its instruction sets and the kernels in use, measures what its cores can do at most, and \
        runs self-tests: random numbers against \
        published answers, all kernel levels against one another, gradients against differences, and durable files. \
        Takes a few seconds and changes nothing; attach its output to a bug report.

        Measured are multiply-adds on registers in single precision, two operations each, and reads from a core's own \
        cache, the shared cache and main memory, of all threads together. 'recurrent bench' sets models beside them.
        """,
      options: [
        OptionGroup("Speed", Self.threads),
        OptionGroup("Output", StandardOptions.json, StandardOptions.quiet),
      ],
      examples: [
        .init("recurrent doctor", "The machine and the self-tests, for people."),
        .init("recurrent doctor --json > doctor.json", "The same for programs."),
        .init("RECURRENT_KERNELS=avx2 recurrent doctor", "With a kernel level of your choice."),
      ],
      exitCodes: [.failure, .configuration])
  }

  public func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    let machine = Machine.current()
    let threads = ThreadCount.read(Self.threads, arguments, console)
    func show(_ text: String) {
      if console.log.canRedraw && !console.isQuiet { console.drawBar(text) }
    }
    show("measuring the speed")
    let speed = SpeedReport(threads: threads, seconds: seconds)
    var outcomes: [SelfTest.Outcome] = []
    for test in tests {
      show("testing \(test.name)")
      outcomes.append(test.run())
    }
    console.endBar(nil)
    if arguments[StandardOptions.json] {
      try console.print(document(machine, speed, outcomes))
    } else {
      try console.print(text(machine, speed, outcomes, console.style))
    }
    return outcomes.allSatisfy(\.passed) ? .success : .failure
  }

  private func text(
    _ machine: Machine, _ speed: SpeedReport, _ outcomes: [SelfTest.Outcome], _ style: TextStyle
  ) -> String {
    let available = KernelLevel.allCases.filter(\.isAvailable).map(\.name).joined(separator: ", ")
    var facts = [
      ("version", "\(Version.number), built by Swift \(Version.swift) for \(Version.platform)"),
      ("processor", machine.processor),
      ("features", machine.features.joined(separator: " ")),
      ("cores", String(machine.cores)),
      ("memory", NumberFormat.fixed(1).text(Double(machine.memory) / 0x1p30) + " GiB"),
      ("system", machine.system),
      ("kernels", "\(KernelLevel.active.name) (available: \(available))"),
    ]
    if !Version.isOptimized { facts.append(("build", "debug: slow; build with '-c release' for use")) }
    var lines = facts.map { name, value in "\(name.padding(to: 11))\(value)" }
    lines += ["", speed.text]
    let width = outcomes.map(\.name.count).max() ?? 0
    for outcome in outcomes {
      let mark = outcome.passed ? style.green("ok  ") : style.red("FAIL")
      lines.append("\(mark)  \(outcome.name.padding(to: width + 2))\(outcome.finding)")
    }
    lines.append("")
    let failed = outcomes.count { !$0.passed }
    let time = shortDuration(outcomes.reduce(0) { $0 + $1.seconds })
    lines.append(
      failed == 0
        ? "all \(outcomes.count) tests passed in \(time)"
        : style.red("\(failed) of \(outcomes.count) tests failed"))
    return lines.joined(separator: "\n")
  }

  private func document(
    _ machine: Machine, _ speed: SpeedReport, _ outcomes: [SelfTest.Outcome]
  ) -> JSONDocument {
    JSONDocument(
      verb: "doctor",
      [
        "version": .string(Version.number),
        "build": [
          "swift": .string(Version.swift), "platform": .string(Version.platform),
          "optimized": .boolean(Version.isOptimized),
        ],
        "machine": [
          "processor": .string(machine.processor),
          "features": .array(machine.features.map { .string($0) }),
          "cores": .integer(machine.cores), "memory_bytes": .integer(Int(machine.memory)),
          "system": .string(machine.system),
        ],
        "kernels": [
          "active": .string(KernelLevel.active.name),
          "available": .array(KernelLevel.allCases.filter(\.isAvailable).map { .string($0.name) }),
        ],
        "speed": speed.json,
        "tests": .array(
          outcomes.map {
            [
              "name": .string($0.name), "passed": .boolean($0.passed), "finding": .string($0.finding),
              "seconds": .number($0.seconds),
            ]
          }),
        "passed": .boolean(outcomes.allSatisfy(\.passed)),
      ])
  }
}

extension String {
  fileprivate func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
