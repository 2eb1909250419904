import Pipeline
import TestSupport
import Testing

/// Reads bytes, and gives the message of the error.
private func fault(_ bytes: [UInt8]) -> String {
  do {
    _ = try ImageFile(bytes, name: "f").images
    return "accepted"
  } catch let error as PipelineError {
    return error.category == .badData ? error.description : "another category: \(error)"
  } catch {
    return "another error: \(error)"
  }
}

@Suite struct ImageFileTests {
  private let pixels: [UInt8] = [0, 1, 127, 128, 254, 255]

  @Test func everyFormatGivesThePixels() throws {
    let expected = ImageChunk(height: 2, width: 3, pixels: pixels)
    let text = "P2 # a comment\n3 2\n# another\n255 0 1 127\n128\t254 255\n"
    for bytes in [
      ImageBytes.idx([1, 2, 3], pixels), ImageBytes.pgm(height: 2, width: 3, pixels),
      ImageBytes.png(height: 2, width: 3, pixels), Array(text.utf8),
    ] {
      #expect(try ImageFile(bytes, name: "f").images == expected)
    }
  }

  @Test func anIDXFileHasManyImagesOfAnyChannels() throws {
    let all = (0..<24).map { UInt8($0) }
    let grey = try ImageFile(ImageBytes.idx([4, 2, 3], all), name: "f").images
    #expect(grey.count == 4 && Array(grey[3]) == [18, 19, 20, 21, 22, 23])
    let colour = try ImageFile(ImageBytes.idx([2, 3, 2, 2], all), name: "f").images
    #expect(colour.count == 2 && colour.channels == 3 && colour.sizeText.hasSuffix("3 channels"))
    #expect(try ImageFile(ImageBytes.idx([0, 2, 3], []), name: "f").images.count == 0)
  }

  @Test func coloursBecomeGreyByLuminanceAndStayColoursWhereAskedFor() throws {
    let png = ImageBytes.png(
      height: 1, width: 3, colorType: 2, [255, 255, 255, 0, 0, 0, 0, 255, 0])
    let grey = try ImageFile(png, name: "f").images
    #expect(grey.pixels[0] == 255 && grey.pixels[1] == 0)
    // Green has 0.7152 of the light, which is 0.86 of the scale of sRGB.
    #expect((215...225).contains(grey.pixels[2]), "\(grey.pixels)")
    let colour = try ImageFile(png, name: "f", channels: 3).images
    #expect(colour.channels == 3 && colour.pixels == [255, 0, 0, 255, 0, 255, 255, 0, 0])
  }

  @Test func whatIsTransparentLiesOnBlack() throws {
    let png = ImageBytes.png(height: 1, width: 2, colorType: 4, [200, 0, 200, 255])
    #expect(try ImageFile(png, name: "f").images.pixels == [0, 200])
  }

  @Test func greysOfAnyMaximumBecomeBytes() throws {
    let text = try ImageFile(Array("P2 3 1 15 0 7 15".utf8), name: "f").images
    #expect(text.pixels == [0, 119, 255])
    let wide = Array("P5 2 1 65535\n".utf8) + [0xFF, 0xFF, 0x80, 0x00]
    #expect(try ImageFile(wide, name: "f").images.pixels == [255, 128])
  }

  @Test(arguments: [
    ("nothing of the kind", "f: this is no image in IDX, PGM (P2, P5) or PNG"), ("", "no image"),
    ("P5 2", "the file ends before the height"), ("P5 0 1 255\n", "the width at byte 4"),
    ("P5 70000 1 255\n", "from 1 to 65536"), ("P5 2 2 255\nabc", "cut short"),
    ("P5 2 1 255\nabc", "follows the last pixel"), ("P5 1 1 9\nz", "pixel 1 is 122"),
    ("P2 1 1 9 10", "pixel 1 at byte 10 is no number from 0 to 9"),
    ("P2 60000 60000 255 1 2 3", "cut short"), ("P2 2 1 255 1 2 3", "follows"),
    ("P2 2 1 255 12", "cut short"), ("P2 1 1 255 1x", "no number"), ("P52 1 1 255", "no number"),
  ])
  func damagedPGM(text: String, words: String) {
    #expect(fault(Array(text.utf8)).contains(words), "\(fault(Array(text.utf8)))")
  }

  @Test func damagedIDX() {
    let whole = ImageBytes.idx([2, 2, 3], (0..<12).map { UInt8($0) })
    for count in 2..<whole.count { #expect(fault(Array(whole.prefix(count))).hasPrefix("f: ")) }
    #expect(
      fault(Array(whole.dropLast()))
        == "f: 2 x 2 x 3 elements need 12 bytes after the header, but there are 11 "
        + "(is the file cut short or damaged?)")
    #expect(fault(whole + [0]).contains("there are 13"))
    #expect(fault([0, 0, 0x0D] + whole[3...]).contains("type 0xd, but only bytes"))
    #expect(fault([0, 1] + whole[2...]).contains("no image in IDX"))
    #expect(fault(ImageBytes.idx([12], [UInt8](repeating: 1, count: 12))).contains("the labels?"))
    #expect(fault(ImageBytes.idx([5, 0, 3], [])).contains("dimensions"))
    let huge = [UInt8](repeating: 0xFF, count: 16)
    #expect(fault([0, 0, 8, 4] + huge).contains("more than can be"))
    let (none, most) = ([UInt8](repeating: 0, count: 4), [UInt8](repeating: 0xFF, count: 8))
    #expect(fault([0, 0, 8, 3] + none + most).contains("dimensions"))
    #expect(fault([0, 0, 8, 3] + most + none).contains("more than can be"))
    #expect(fault([0, 0, 8, 0]).contains("within its header"))
  }

  @Test func damagedPNG() {
    let whole = ImageBytes.png(height: 2, width: 3, pixels)
    for count in 8..<whole.count - 16 {
      let text = fault(Array(whole.prefix(count)))
      #expect(text.hasPrefix("f: the PNG cannot be read: "), "\(count): \(text)")
    }
    for place in 16..<whole.count - 16 {
      var damaged = whole
      damaged[place] ^= 0x10
      #expect(fault(damaged) != "", "\(place)")
    }
    #expect(fault(ImageBytes.png(height: 1 << 20, width: 1 << 20, [])).hasPrefix("f: "))
  }

  @Test func gzipIsInflatedAndChecked() throws {
    let folder = try TemporaryFolder()
    let pixels = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let zipped = ImageBytes.gzip(ImageBytes.idx([500, 20, 20], pixels))
    let path = try folder.write("a.gz", zipped)
    #expect(try ImageFile(path).images.pixels == pixels)
    // Two members are one file.
    #expect(
      try Gzip.inflate(ImageBytes.gzip([1, 2]) + ImageBytes.gzip([3]), name: "f") == [1, 2, 3])
    for damaged in [
      Array(zipped.dropLast()), zipped + [0], Array(zipped.prefix(12)),
      zipped.prefix(30000) + [zipped[30000] ^ 1] + zipped[30001...],
    ] {
      #expect(throws: PipelineError.self) { try Gzip.inflate(damaged, name: "f") }
    }
    #expect(throws: PipelineError.self) {
      try Gzip.inflate(zipped, name: "f", maximumSize: 100_000)
    }
  }

  @Test func aFileThatInflatesTooFarIsRefused() {
    // 420 kB that hold 64 MiB and more; its checksum, which is not there, would come after them.
    for (size, problem) in [
      ((64 << 20) + 1, "hold more than 67108864"), (1 << 20, "damaged or cut short"),
    ] {
      let bytes = ImageBytes.gzipOfZeros(size)
      #expect(bytes.count < size / 100)
      let error = #expect(throws: PipelineError.self) { try Gzip.inflate(bytes, name: "f") }
      #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
    }
  }
}
