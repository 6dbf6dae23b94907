/// A drawing of a stack of layers: unrolled over time, or folded into one step with loops.
///
/// It is made from a plain description, rows of names and sizes, and knows nothing of models. The unrolled view follows
/// the usual figure: time runs to the right, layers are stacked upwards, each direction of a layer is a chain of its
/// own, and a place in time where a layer gives no output is hollow.
public struct LayerDrawing: Figure, Hashable {
  /// Which way a chain runs through time.
  public enum Direction: Sendable, Hashable {
    /// From the first step to the last.
    case forward
    /// From the last step to the first.
    case reverse
  }

  /// One recurrent chain of a layer.
  public struct Chain: Sendable, Hashable {
    /// Which way it runs.
    public var direction: Direction
    /// What it is made of, for instance `LSTM`.
    public var kind: String
    /// How many units it has.
    public var size: Int

    /// A chain of `size` units.
    public init(_ direction: Direction, kind: String, size: Int) {
      self.direction = direction
      self.kind = kind
      self.size = size
    }
  }

  /// At which steps a layer gives an output.
  public enum Positions: Sendable, Hashable {
    /// At every step.
    case all
    /// At the last step.
    case last
    /// At the first step.
    case first
    /// At the first and the last step.
    case firstAndLast
    /// Some steps, which the data choose: drawn with a dashed outline.
    case mask
  }

  /// What a row is.
  public enum Content: Sendable, Hashable {
    /// The values that enter at each step.
    case input(size: Int)
    /// A recurrent layer: one chain, or several whose outputs are merged (`concatenate`, `sum`, …; `nil` where there
    /// is one chain).
    case recurrent([Chain], merge: String?, size: Int)
    /// Something done at each step by itself: `linear`, `dropout`, `softmax`.
    case pointwise(kind: String, size: Int)
  }

  /// One layer.
  public struct Row: Sendable, Hashable {
    /// What stands beside the row.
    public var name: String
    /// What the row is.
    public var content: Content
    /// Where it gives outputs. Default all.
    public var positions: Positions

    /// A row.
    public init(_ name: String, _ content: Content, positions: Positions = .all) {
      self.name = name
      self.content = content
      self.positions = positions
    }
  }

  /// How time is shown.
  public enum View: Sendable, Hashable {
    /// The first steps, an ellipsis, and the last one.
    case full(steps: Int)
    /// One step; what goes round in time is a loop.
    case folded
  }

  /// What stands above the drawing.
  public var title: String
  /// From the input (drawn at the bottom) to the head.
  public var rows: [Row]
  /// How time is shown. Default: unrolled, three steps.
  public var view: View

  /// A drawing of the rows, the input first.
  public init(title: String, rows: [Row], view: View = .full(steps: 3)) {
    if case .full(let steps) = view {
      precondition((1...12).contains(steps), "LayerDrawing: \(steps) steps, from 1 to 12 can be drawn")
    }
    for row in rows {
      if case .recurrent(let chains, let merge, _) = row.content {
        precondition(!chains.isEmpty, "LayerDrawing: \(row.name) has no chain")
        precondition(chains.count == 1 || merge != nil, "LayerDrawing: \(row.name) has chains but no merge")
      }
    }
    self.title = title
    self.rows = rows
    self.view = view
  }

  /// The layers in words, for readers who cannot see the picture.
  public var summary: String {
    let parts = rows.map { row in
      let positions = row.positions.phrase.map { ", output at \($0)" } ?? ""
      return "\(row.name): \(row.content.phrase)\(positions)"
    }
    return "Layers from input to output. " + parts.joined(separator: "; ") + "."
  }

  /// The picture, for the use that is said; the same drawing gives the same text.
  public func svg(_ use: SVGUse) -> String {
    switch view {
    case .full(let steps): fullSVG(use, steps: steps)
    case .folded: foldedSVG(use)
    }
  }
}

extension LayerDrawing.Direction {
  var arrow: String { self == .forward ? "→" : "←" }
  /// Blue for forward, orange for reverse.
  var colour: String { self == .forward ? "0" : "1" }
}

extension LayerDrawing.Content {
  var phrase: String {
    switch self {
    case .input(let size): return "input of \(size)"
    case .pointwise(let kind, let size): return "\(kind) to \(size)"
    case .recurrent(let chains, let merge, let size):
      let parts = chains.map {
        "\($0.direction == .forward ? "forward" : "reverse") \($0.kind) of \($0.size)"
      }
      return parts.joined(separator: " and ") + (merge.map { ", \($0) to \(size)" } ?? "")
    }
  }
}

extension LayerDrawing.Positions {
  var phrase: String? {
    switch self {
    case .all: nil
    case .last: "the last step"
    case .first: "the first step"
    case .firstAndLast: "the first and the last step"
    case .mask: "some steps"
    }
  }

  /// Whether there is an output at one of the steps drawn; `nil` where the data decide.
  func isFilled(column: Int, of count: Int) -> Bool? {
    switch self {
    case .all: true
    case .last: column == count - 1
    case .first: column == 0
    case .firstAndLast: column == 0 || column == count - 1
    case .mask: nil
    }
  }
}

/// The rows of a drawing as lines of nodes, from the bottom up: what both the picture and the text draw.
struct DrawingLane {
  enum Kind: Hashable {
    case input
    case chain(LayerDrawing.Chain)
    case merge
    case pointwise
  }

  let kind: Kind
  /// The layer's name where the lane is its first or only one.
  let name: String
  /// For instance `LSTM 47 →`.
  let label: String
  /// For each column: `nil` where nothing stands; else how the node is drawn.
  let nodes: [Node?]
  /// Which lanes below feed this one.
  let sources: [Int]

  enum Node: Hashable {
    case filled, hollow, dashed
  }

  static func lanes(of rows: [LayerDrawing.Row], columns: Int) -> [DrawingLane] {
    var lanes: [DrawingLane] = []
    // The lane whose output the next row reads, and where it has any.
    var below: [Int] = []
    var present = [Bool](repeating: true, count: columns)
    for row in rows {
      let outputs: [Node?] = (0..<columns).map { column in
        guard present[column] else { return nil }
        return row.positions.isFilled(column: column, of: columns).map { $0 ? .filled : .hollow } ?? .dashed
      }
      switch row.content {
      case .input(let size):
        lanes.append(DrawingLane(kind: .input, name: row.name, label: "\(size)", nodes: outputs, sources: []))
      case .pointwise(let kind, let size):
        let nodes = outputs.map { $0 == .hollow ? nil : $0 }
        lanes.append(
          DrawingLane(
            kind: .pointwise, name: row.name, label: "\(kind) \(size)", nodes: nodes, sources: below))
      case .recurrent(let chains, let merge, let size):
        let first = lanes.count
        for (index, chain) in chains.enumerated() {
          lanes.append(
            DrawingLane(
              kind: .chain(chain), name: index == 0 ? row.name : "",
              label: "\(chain.kind) \(chain.size) \(chain.direction.arrow)", nodes: outputs, sources: below))
        }
        if chains.count > 1 {
          let nodes = outputs.map { $0 == .hollow ? nil : $0 }
          lanes.append(
            DrawingLane(
              kind: .merge, name: "", label: "\(merge ?? "") \(size)", nodes: nodes,
              sources: Array(first..<lanes.count)))
        }
      }
      present = outputs.map { $0 != nil && $0 != .hollow }
      below = [lanes.count - 1]
    }
    return lanes
  }
}
