// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: name, dependencies: dependencies + ["RecurrentTestSupport"],
    swiftSettings: strict)
}

let package = Package(
  name: "swift-recurrent",
  platforms: [.macOS(.v15), .iOS(.v18)],
  products: [
    .library(name: "Recurrent", targets: ["Recurrent"]),
    .library(name: "RecurrentTasks", targets: ["RecurrentTasks"]),
    .library(name: "RecurrentReports", targets: ["RecurrentReports"]),
    .library(name: "RecurrentTestSupport", targets: ["RecurrentTestSupport"]),
    .executable(name: "recurrent", targets: ["recurrent-cli"]),
  ],
  targets: [
    // MARK: - Arithmetic on arrays
    .target(name: "CRecurrentKernels", cSettings: [.treatAllWarnings(as: .error)]),
    library("RecurrentCore", ["CRecurrentKernels"]),

    // MARK: - Models, data, files, reports
    library("RecurrentHMM", ["CRecurrentKernels", "RecurrentCore"]),
    library("RecurrentNN", ["RecurrentCore", "RecurrentHMM"]),
    library("RecurrentData", ["RecurrentCore"]),
    library("RecurrentReports", ["RecurrentCore"]),
    library("RecurrentInterchange", ["RecurrentCore"]),
    library(
      "RecurrentTraining",
      ["RecurrentCore", "RecurrentNN", "RecurrentInterchange"]),
    library(
      "Recurrent",
      [
        "RecurrentCore", "RecurrentHMM", "RecurrentNN", "RecurrentData", "RecurrentInterchange",
        "RecurrentTraining",
      ]),

    // MARK: - Tasks and the command
    library(
      "RecurrentTasks",
      [
        "Recurrent", "RecurrentCore", "RecurrentData", "RecurrentHMM", "RecurrentInterchange", "RecurrentNN",
        "RecurrentReports", "RecurrentTraining",
      ]),
    library(
      "RecurrentReproductions",
      [
        "Recurrent", "RecurrentCore", "RecurrentData", "RecurrentNN", "RecurrentReports", "RecurrentTasks",
        "RecurrentTraining",
      ]),
    library(
      "RecurrentCommand",
      [
        "Recurrent", "RecurrentCore", "RecurrentData", "RecurrentHMM", "RecurrentInterchange", "RecurrentNN",
        "RecurrentReports", "RecurrentReproductions", "RecurrentTasks", "RecurrentTraining",
      ]),
    .executableTarget(
      name: "recurrent-cli", dependencies: ["RecurrentCommand"], swiftSettings: strict),

    // MARK: - Tests
    library("RecurrentTestSupport", ["RecurrentCore", "RecurrentHMM", "RecurrentNN"]),
    tests(
      "RecurrentCommandTests",
      [
        "RecurrentCommand", "RecurrentCore", "RecurrentHMM", "RecurrentInterchange", "RecurrentNN",
        "RecurrentReports", "RecurrentTasks",
      ]),
    tests("RecurrentCoreTests", ["RecurrentCore"]),
    tests("RecurrentDataTests", ["RecurrentCore", "RecurrentData"]),
    tests("RecurrentHMMTests", ["RecurrentCore", "RecurrentHMM", "RecurrentInterchange"]),
    tests("RecurrentInterchangeTests", ["RecurrentCore", "RecurrentInterchange"]),
    tests("RecurrentKernelsTests", ["CRecurrentKernels"]),
    tests("RecurrentNNTests", ["RecurrentCore", "RecurrentHMM", "RecurrentInterchange", "RecurrentNN"]),
    tests("RecurrentReportsTests", ["RecurrentReports"]),
    tests(
      "RecurrentReproductionsTests",
      ["Recurrent", "RecurrentCore", "RecurrentNN", "RecurrentReproductions", "RecurrentTraining"]),
    tests(
      "RecurrentTasksTests",
      [
        "Recurrent", "RecurrentCore", "RecurrentData", "RecurrentHMM", "RecurrentInterchange", "RecurrentNN",
        "RecurrentReports", "RecurrentTasks", "RecurrentTraining",
      ]),
    tests(
      "RecurrentTrainingTests",
      ["RecurrentCore", "RecurrentHMM", "RecurrentInterchange", "RecurrentNN", "RecurrentTraining"]),
  ],
  swiftLanguageModes: [.v6]
)
