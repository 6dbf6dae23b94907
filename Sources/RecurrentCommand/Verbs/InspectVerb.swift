internal import Recurrent
internal import RecurrentCore
internal import RecurrentData
internal import RecurrentReports
internal import RecurrentTasks

/// `recurrent inspect`: parameters, shapes, operations and a drawing of a model, or of a network that is only spelled.
struct InspectVerb: Verb {
  enum View: String, CaseIterable, Sendable {
    case folded, full
  }

  static let model = Argument<String?>(
    "MODEL", .path("FOLDER"),
    help: "Folder of a trained model; without it, --inputs and --hidden spell a network.")
  static let inputs = Option(
    "inputs", .integer(in: WindowPlan.sizes), default: 1, help: "Features of the input.")
  static let outputs = Option(
    "outputs", .integer(in: WindowPlan.sizes), default: 1, help: "Outputs of the linear head.")
  static let noHeadBias = Flag("no-head-bias", help: "A linear head without bias.")
  static let last = Flag("last", help: "The head reads the last step only.")
  static let view = Option("view", .choice(of: View.self), default: .folded, help: "Of the drawing.")
  static let svg = Option(
    "svg", .path("FILE"), absent: "drawn in the terminal only", help: "Also write the drawing as SVG.")
  static let graph = Option(
    "graph", .integer(in: 1...1000), absent: "not printed",
    help: "Print the network unrolled over so many steps, in an order in which it can be computed.")
  static let overwrite = Flag("overwrite", help: "Replace the SVG file where it exists.")

  var definition: VerbDefinition {
    VerbDefinition(
      name: "inspect", summary: "show a model's parameters, shapes, operations and layers",
      discussion: """
        With a folder that a training verb made, the trained model in it: of any task, also its vocabulary, its classes or \
        its tags. Without one, the network that the options spell, which need not exist: \
        its parameter table is what training would begin with. Operations count products alone, 2 for each weight.
        """,
      arguments: [Self.model],
      options: [
        OptionGroup("Spelled network", Self.inputs, Self.outputs, Self.noHeadBias, Self.last),
        ForecastDefaults.network.group,
        OptionGroup(
          "Output", Self.view, Self.svg, Self.overwrite, Self.graph, StandardOptions.json,
          StandardOptions.quiet),
      ],
      examples: [
        .init("recurrent inspect weather.model", "A trained model."),
        .init(
          "recurrent inspect --inputs 6 --hidden 2,2 --cell rnn --no-bias --no-head-bias --last",
          "The deep network of 26 parameters."),
        .init("recurrent inspect --inputs 4 --hidden 5+2 --cell rnn --graph 6", "Two directions, unrolled."),
      ],
      exitCodes: [.data, .noInput, .cannotCreate])
  }

  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    try refuseContradictions(arguments)
    let (network, facts) = try describe(arguments)
    let drawing = network.drawing(arguments[Self.view] == .full ? .full(steps: 3) : .folded)
    if let path = arguments[Self.svg] {
      try commandErrors {
        try AtomicFile.write(drawing.svg(), to: path, overwrites: arguments[Self.overwrite])
      }
    }
    let graph = arguments[Self.graph].map { steps in
      UnrolledGraph(
        layers: network.layers, steps: steps,
        outputs: network.positions == .last ? [steps - 1] : Array(0..<steps))
    }
    if arguments[StandardOptions.json] {
      try console.print(document(network, facts, graph))
      return .success
    }
    var parts = [network.parameterTable.text(emphasis: console.style.bold), drawing.text()]
    let format = NumberFormat.fixed(0).grouped
    parts.append(
      """
      products: \(format.text(count: network.operationsPerStep)) operations a step of one sequence, \
      \(format.text(count: network.operationsPerOutput)) an output
      """)
    parts += facts.map { "\($0.0): \(terminalLine($0.1))" }
    if let graph { parts.append(try text(graph)) }
    try console.print(parts.joined(separator: "\n"))
    return .success
  }

  private func refuseContradictions(_ arguments: ParsedArguments) throws(CommandError) {
    if let model = arguments[Self.model] {
      try arguments.refuse(
        Self.inputs, Self.outputs, Self.noHeadBias, Self.last, ForecastDefaults.network.hidden,
        ForecastDefaults.network.cell,
        ForecastDefaults.network.merge, ForecastDefaults.network.noBias, ForecastDefaults.network.dropout,
        ForecastDefaults.network.dropoutUnit, ForecastDefaults.network.recurrentDropout,
        ForecastDefaults.network.zoneout, ForecastDefaults.network.zoneoutMemory,
        ForecastDefaults.network.initialization,
        circumstance: "for the trained network in \(model), which is as it is",
        remedy: "leave it out, or leave out the folder")
    }
    if arguments[Self.svg] == nil {
      try arguments.refuse(Self.overwrite, circumstance: "without --svg")
      if arguments[StandardOptions.json] {
        try arguments.refuse(Self.view, circumstance: "with --json, which has no drawing")
      }
    }
  }

  private func describe(
    _ arguments: ParsedArguments
  ) throws(CommandError) -> (NetworkDescription, [(String, String)]) {
    try commandErrors {
      guard let path = arguments[Self.model] else {
        let network = try NetworkDescription(
          layers: try ForecastDefaults.network.layers(arguments), inputs: arguments[Self.inputs],
          outputs: arguments[Self.outputs], headBias: !arguments[Self.noHeadBias],
          isLastOnly: arguments[Self.last])
        return (network, network.noise)
      }
      let model = try InspectedModel(path)
      if model.network.layers.isEmpty {
        try arguments.refuse(
          Self.graph, circumstance: "for \(path), whose two networks stand side by side and are no stack")
      }
      return (model.network, model.facts.map { ($0.name, $0.value) } + model.network.noise)
    }
  }

  private func text(_ graph: UnrolledGraph) throws(CommandError) -> String {
    guard let order = graph.topologicalOrder else {
      throw CommandError(
        "the unrolled graph has a circle, expected none; please report it", exitCode: .software)
    }
    let sources = Dictionary(grouping: graph.edges, by: { $0[1] })
    let lines = order.map { node in
      let from = (sources[node] ?? []).map { graph.nodes[$0[0]] }
      return from.isEmpty ? graph.nodes[node] : "\(graph.nodes[node]) <- \(from.joined(separator: ", "))"
    }
    return (["graph: \(graph.stateCount) states, no circle; each line needs only lines above it"] + lines)
      .joined(separator: "\n")
  }

  private func document(
    _ network: NetworkDescription, _ facts: [(String, String)], _ graph: UnrolledGraph?
  ) -> JSONDocument {
    let slots: [JSONValue] = network.layout.slots.map {
      [
        "name": .string($0.name), "shape": .array([.integer($0.rows), .integer($0.columns)]),
        "count": .integer($0.count), "start": .string(network.start(of: $0)),
      ]
    }
    var members: [String: JSONValue] = [
      "parameters": .array(slots), "parameter_count": .integer(network.layout.count),
      "operations_per_step": .integer(network.operationsPerStep),
      "operations_per_output": .integer(network.operationsPerOutput),
      "facts": .object(Dictionary(uniqueKeysWithValues: facts.map { ($0.0, JSONValue.string($0.1)) })),
    ]
    if let graph {
      members["graph"] = [
        "nodes": .array(graph.nodes.map { .string($0) }),
        "edges": .array(graph.edges.map { .array($0.map { .integer($0) }) }),
        "states": .integer(graph.stateCount), "acyclic": .boolean(graph.topologicalOrder != nil),
      ]
    }
    return JSONDocument(verb: "inspect", members)
  }
}
