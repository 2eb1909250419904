// swift-tools-version: 6.1
import PackageDescription

/// Settings of every Swift target: existentials are written out, imports are internal unless they
/// say otherwise, and a member is visible only where its module is imported.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let collections = Target.Dependency.product(name: "Collections", package: "swift-collections")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")

let package = Package(
  name: "seqtool",
  products: [
    .executable(name: "seqtool", targets: ["cli"]),
    .library(name: "Pipeline", targets: ["Pipeline"]),
    .library(name: "Tokenize", targets: ["Tokenize"]),
    .library(name: "Seq", targets: ["Seq"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
  ],
  targets: [
    // C and C++: each wraps one system library or one thing that Swift cannot say well.
    .systemLibrary(
      name: "CSystemICU", pkgConfig: "icu-uc icu-i18n", providers: [.apt(["libicu-dev"])]),
    .systemLibrary(
      name: "CSystemYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(
      name: "CSystemPNG", pkgConfig: "libpng zlib", providers: [.apt(["libpng-dev"])]),
    .target(
      name: "CICU", dependencies: ["CSystemICU"],
      linkerSettings: [.linkedLibrary("icuuc"), .linkedLibrary("icui18n")]),
    .target(
      name: "CImage", dependencies: ["CSystemPNG"],
      linkerSettings: [.linkedLibrary("png16"), .linkedLibrary("z")]),
    .target(name: "CKernels", linkerSettings: [.linkedLibrary("m"), .linkedLibrary("dl")]),
    .target(name: "CDefaultModel", exclude: ["default.seqmodel"]),
    .target(name: "CProcess"),
    .target(name: "CSeqtoolPlugin"),

    // The three modules of the library. Tokenize and Seq never import each other.
    .target(
      name: "Pipeline",
      dependencies: [
        "CImage", "CProcess", "CSeqtoolPlugin", "CSystemYAML", collections, crypto,
      ],
      swiftSettings: strict, linkerSettings: [.linkedLibrary("yaml")]),
    .target(
      name: "Tokenize", dependencies: ["Pipeline", "CICU", collections], swiftSettings: strict),
    .target(
      name: "Seq", dependencies: ["Pipeline", "CKernels", collections], swiftSettings: strict),

    // The command.
    .executableTarget(
      name: "cli", dependencies: ["Pipeline", "Tokenize", "Seq", "CDefaultModel", argumentParser],
      swiftSettings: strict),

    .target(
      name: "TestSupport", dependencies: ["Pipeline", "Tokenize", "Seq"],
      path: "Tests/TestSupport", swiftSettings: strict),
    .testTarget(
      name: "PipelineTests", dependencies: ["Pipeline", "TestSupport"], exclude: ["Goldens"],
      swiftSettings: strict),
    .testTarget(
      name: "TokenizeTests", dependencies: ["Tokenize", "CICU", "TestSupport"],
      exclude: ["Subword/Goldens"],
      swiftSettings: strict),
    .testTarget(
      name: "SeqTests", dependencies: ["Seq", "CKernels", "TestSupport"],
      exclude: ["Goldens"], swiftSettings: strict),
    .testTarget(
      name: "CLITests", dependencies: ["cli", "Pipeline", "Tokenize", "Seq", "TestSupport"],
      swiftSettings: strict),
  ],
  cLanguageStandard: .c2x,
  cxxLanguageStandard: .cxx17
)
