import Pipeline
import TestSupport
import Testing

@Suite struct CompareCommandTests {
  private let folder: TemporaryFolder
  private let seqtool: BinaryRunner
  private let names = BinaryRunner.packageFolder + "/data/names"

  init() throws { (folder, seqtool) = try ModelFixture.folder() }

  private func compare(_ arguments: String...) throws -> JSONValue {
    let result = try seqtool.run(["compare", "--json"] + arguments)
    #expect(result.code == 0, "\(result.errors)")
    return try JSONParser.parse(result.stdout)
  }

  /// The built-in model, as a file, is far better than the small one.
  @Test func aBetterModelIsFoundToBeBetter() throws {
    #expect(try seqtool.run("calibrate", names, "-o", "good", "-q").code == 0)
    let report = try compare("m", "good", names, "--resamples", "1000")
    for (name, model) in [("a", "m"), ("b", "good")] {
      let evaluated = try JSONParser.parse(
        try seqtool.run("evaluate", "-m", model, names, "--json").stdout)
      for figure in ["accuracy", "macro_f1", "loss"] {
        let values = try [report["figures"]?[figure]?[name], evaluated[figure]].map {
          try #require($0?.doubleValue)
        }
        #expect(abs(values[0] - values[1]) < 1e-9, "\(figure) of \(name)")
      }
    }
    let accuracy = try #require(report["figures"]?["accuracy"])
    #expect(accuracy["b_better"]?.doubleValue == 1)
    #expect(try #require(accuracy["low"]?.doubleValue) > 0)
    #expect(try #require(accuracy["p"]?.doubleValue) < 0.01)
    #expect(try #require(report["mcnemar"]?["p"]?.doubleValue) < 1e-6)
    #expect(report["count"] == 507)
    // The other way round the difference has the other sign.
    let reverse = try compare("good", "m", names, "--resamples", "1000")
    let high = try #require(reverse["figures"]?["accuracy"]?["high"]?.doubleValue)
    #expect(abs(high + (accuracy["low"]?.doubleValue ?? 0)) < 1e-12)
  }

  @Test func threadsChangeNothingAndTheSeedDoes() throws {
    #expect(try seqtool.run("calibrate", "-m", "m", names, "-o", "c", "-q").code == 0)
    let one = try seqtool.run("compare", "m", "c", names, "--resamples", "300", "-j", "1")
    let two = try seqtool.run("compare", "m", "c", names, "--resamples", "300", "-j", "2")
    let other = try seqtool.run("compare", "m", "c", names, "--resamples", "300", "--seed", "2")
    #expect(one.code == 0 && one == two && one != other)
    #expect(one.output.contains("McNemar p     1.0e+00"))
    #expect(one.lines.count == 10)
  }

  @Test func languageModelsAreComparedByRecord() throws {
    let line = "the cat sat on the mat\nthe dog ran\n\n"
    try folder.write("t", String(repeating: line, count: 30))
    for (unit, name) in [("char", "a"), ("char", "b"), ("word", "w")] {
      let epochs = name == "b" ? "4" : "1"
      let result = try seqtool.run(
        "train", "lm", "t", "-q", "-o", name, "--unit", unit, "--epochs", epochs, "--hidden", "12",
        "--embedding", "6", "--layers", "1", "--batch-size", "4", "--no-tied")
      #expect(result.code == 0, "\(result.errors)")
    }
    let report = try compare("a", "b", "t", "--resamples", "500")
    #expect(report["count"] == 90 && report["mcnemar"] == nil)
    #expect(report["figures"]?["perplexity"]?["b_better"]?.doubleValue == 1)
    let mixed = try seqtool.run("compare", "a", "w", "t", "--resamples", "50")
    #expect(mixed.code == 0 && mixed.errors.contains("bits_per_byte"))
    // Each model's loss is that of `score`.
    let sums = try seqtool.shell(
      "seqtool score -m a t | awk -F'\\t' '{s -= $1; n += $2} END {printf \"%.6f\", s / n}'")
    let loss = try #require(report["figures"]?["loss"]?["a"]?.doubleValue)
    #expect(abs(loss - (Double(sums.output) ?? 0)) < 1e-4)
    let unlike = try seqtool.run("compare", "a", "m", "t")
    #expect(unlike.code == 65 && unlike.errors.contains("one is a language model"))
  }

  @Test func whatMakesNoSenseIsRefused() throws {
    try folder.write("other.tsv", "Martian\tXyzzy\n")
    for (arguments, code, words) in [
      (["m", "m"], 64, "data"), (["m", "gone", names], 66, "gone"),
      (["m", "m", "other.tsv"], 65, "Martian"),
      (["m", "m", names, "--resamples", "0"], 64, "resamples"),
    ] as [([String], Int, String)] {
      let result = try seqtool.run(["compare"] + arguments)
      #expect(result.code == code, "\(arguments): \(result.errors)")
      #expect(result.errors.contains(words), "\(result.errors)")
      #expect(result.stderr.count { $0 == 0x0A } == 1, "\(result.errors)")
    }
  }
}
