import TestSupport
import Testing

/// The rules of `docs/architecture.md` that a machine can check.
@Suite struct ArchitectureTests {
  /// Who may import whom, besides the standard library's own modules.
  static let allowedImports: [String: Set<String>] = [
    "Pipeline": ["CImage", "CProcess", "CSeqtoolPlugin", "CSystemYAML", "Crypto"],
    "Tokenize": ["Pipeline", "CICU"],
    "Seq": ["Pipeline", "CKernels"],
    "cli": ["Pipeline", "Tokenize", "Seq", "CDefaultModel", "ArgumentParser"],
  ]

  static let systemModules: Set<String> = [
    "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "HeapModule", "Synchronization",
  ]

  @Test(arguments: allowedImports.keys.sorted())
  func importsFollowTheTable(target: String) throws {
    let files = try SourceFile.all(under: "Sources/\(target)")
    #expect(!files.isEmpty)
    let allowed = Self.systemModules.union(Self.allowedImports[target] ?? [])
    for file in files {
      let breaches = file.imports.filter { !allowed.contains($0) }
      #expect(breaches.isEmpty, "\(file.path) imports \(breaches)")
    }
  }

  @Test func everyTargetOfSwiftCodeHasItsRow() throws {
    let targets = Set(try SourceFile.all(under: "Sources").map { $0.path.split(separator: "/")[1] })
    #expect(targets.map(String.init).sorted() == Self.allowedImports.keys.sorted())
  }

  @Test func libraryHeadersStayInTheirShims() throws {
    let files = try SourceFile.all(under: "Sources", suffixes: [".c", ".cpp", ".h", ".hpp"])
    #expect(files.contains { $0.path.hasPrefix("Sources/CICU/") })
    for file in files {
      for line in file.lines where line.hasPrefix("#include") {
        #expect(
          !line.contains("<unicode/")
            || (file.path.hasPrefix("Sources/CICU/") && !file.path.contains("/include/")),
          "\(file.path) shows ICU's headers")
        #expect(
          !line.contains("cblas")
            || (file.path.hasPrefix("Sources/CKernels/") && !file.path.contains("/include/")),
          "\(file.path) shows the BLAS's headers")
        #expect(
          !(line.contains("<png.h>") || line.contains("<zlib.h>"))
            || file.path.hasPrefix("Sources/CSystemPNG/")
            || (file.path.hasPrefix("Sources/CImage/") && !file.path.contains("/include/")),
          "\(file.path) shows the headers of libpng or zlib")
      }
    }
  }

  @Test func filesAreShort() throws {
    let files = try SourceFile.all(under: "Sources", suffixes: [".swift", ".c", ".cpp", ".h"])
    for file in files {
      #expect(file.lines.count <= 500, "\(file.path) has \(file.lines.count) lines")
    }
    let lengths = files.map(\.lines.count).sorted()
    #expect(lengths[lengths.count / 2] <= 150)
    #expect(lengths[lengths.count * 9 / 10] <= 350)
  }

  @Test func functionsAreShort() throws {
    let functions = try SourceFile.all(under: "Sources").flatMap(\.functions)
    #expect(functions.count > 100)
    for function in functions {
      #expect(function.length <= 60, "\(function.place) has \(function.length) lines")
    }
    let lengths = functions.map(\.length).sorted()
    #expect(lengths[lengths.count * 9 / 10] <= 25)
  }

  @Test func nothingCanTrapByDesign() throws {
    let patterns: [(what: String, regex: Regex<Substring>)] = [
      ("fatalError", /\bfatalError\b/),
      ("try!", /\btry!/),
      ("as!", /\bas!/),
      ("a force unwrap", /[\w\)\]]!(?:[^=]|$)/),
      ("-Ounchecked arithmetic", /unsafelyUnwrapped/),
    ]
    for file in try SourceFile.all(under: "Sources") {
      for (number, line) in file.code.enumerated() {
        for pattern in patterns where line.contains(pattern.regex) {
          Issue.record("\(file.path):\(number + 1) has \(pattern.what): \(line)")
        }
      }
    }
  }

  @Test func onlyTheCommandPrints() throws {
    for target in ["Pipeline", "Tokenize", "Seq"] {
      for file in try SourceFile.all(under: "Sources/\(target)") {
        for (number, line) in file.code.enumerated() where line.contains(/(^|[^\w.])print\(/) {
          Issue.record("\(file.path):\(number + 1) prints: \(line)")
        }
      }
    }
  }

  @Test func nothingIsLeftForLater() throws {
    let files = try SourceFile.all(under: "Sources") + SourceFile.all(under: "Tests")
    let words = ["TO" + "DO", "FIX" + "ME", "X" + "XX"]
    for file in files {
      for (number, line) in file.lines.enumerated() where words.contains(where: line.contains) {
        if line.contains("XXXXXX") { continue }  // the pattern of mkdtemp
        Issue.record("\(file.path):\(number + 1): \(line)")
      }
    }
  }

  /// The catalogue of each module of the library lists its public types, all of them and no others.
  @Test(arguments: ["Pipeline", "Tokenize", "Seq"])
  func everyPublicTypeStandsInItsCatalogue(module: String) throws {
    let files = try SourceFile.all(under: "Sources/\(module)")
    let types = files.flatMap(\.lines).compactMap { line in
      line.prefixMatch(of: /public (?:final )?(?:struct|enum|protocol|class) (\w+)/)
        .map { String($0.1) }
    }
    let page = try SourceFile.all(under: "Sources/\(module)", suffixes: [".md"])
    try #require(page.count == 1)
    let listed = page[0].lines.compactMap { line in
      line.wholeMatch(of: /- ``(\w+)``/).map { String($0.1) }
    }
    #expect(listed.sorted() == types.sorted())
  }

  /// A check that cannot fail proves nothing.
  @Test func theChecksSeeWhatTheyLookFor() {
    let file = SourceFile(
      path: "x.swift",
      text: """
        public import Pipeline
          import struct Crypto.SHA256
        func f() {
          let a = b! // "quoted!"
          say("never!")
        }
        """)
    #expect(file.imports == ["Pipeline", "Crypto"])
    #expect(file.functions.map(\.length) == [4])
    #expect(file.code[3] == "  let a = b! ")
    #expect(file.code[4] == "  say(\"\")")
    #expect(file.code[3].contains(/[\w\)\]]!(?:[^=]|$)/))
  }
}
