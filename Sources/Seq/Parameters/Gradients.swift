/// The gradients of a loss with respect to every parameter. Backward passes **add** to them.
public struct Gradients<S: Scalar>: Sendable {
  public var vector: ParameterVector<S>
  /// The rows of each sparse table that have a gradient, in the order of their first use.
  private(set) var touched: [TouchedRows]
  /// The gradients of tables that stand in for a product with a weight, by its place: summed over shards
  /// before they are multiplied (`SymbolProjection`).
  private var tables: [Int: Tensor<S>] = [:]
  /// The outer products that are left for `takeProducts`; `nil` where each is added at once.
  private var products: [OuterProduct<S>]?
  /// By its index, whether a parameter's gradient has not even been zeroed: an outer product that comes first
  /// need not read what it will overwrite. None is left so by `takeProducts`.
  private var isUnset: [Bool]

  public init(_ layout: ParameterLayout) {
    self.vector = ParameterVector(layout)
    self.touched = layout.sparseTables.map { TouchedRows($0) }
    isUnset = [Bool](repeating: false, count: layout.parameters.count)
  }

  public var layout: ParameterLayout { vector.layout }

  /// The gradient of one parameter.
  public subscript(_ parameter: Parameter) -> [S] { vector[parameter] }

  /// Where to add the gradient of a dense parameter.
  mutating func pointer(_ parameter: Parameter) -> UnsafeMutablePointer<S> {
    let gradient = vector.mutablePointer(parameter)
    if isUnset[parameter.index] {
      gradient.update(repeating: 0, count: parameter.count)
      isUnset[parameter.index] = false
    }
    return gradient
  }

  /// Where to add the gradient of one row of a sparse table.
  mutating func touch(_ table: Parameter, row: Int) -> UnsafeMutablePointer<S> {
    let index = tableIndex(table)
    touched[index].insert(row)
    return vector.mutablePointer(table) + row * touched[index].rowLength
  }

  /// Where to add the gradient of the table in place of `weight`, `[rows, outputs]`.
  mutating func table(of weight: Parameter, rows: Int) -> UnsafeMutablePointer<S> {
    tables[weight.offset, default: Tensor(zeros: [rows, weight.shape[0]])].mutablePointer
  }

  /// That gradient, which is the caller's from then on; `nil` where nothing was added.
  mutating func takeTable(of weight: Parameter) -> Tensor<S>? {
    tables.removeValue(forKey: weight.offset)
  }

  /// Adds dY^T X, the gradient of W in Y = X W^T; dY is `[M, outputs]`, X is `[M, inputs]`.
  ///
  /// - Parameter rows: those of the M that count; `nil` is all.
  package mutating func addOuterProduct(
    _ dy: Tensor<S>, _ x: Tensor<S>, rows: Range<Int>? = nil, to weight: Parameter
  ) {
    let product = OuterProduct(weight: weight, dy: dy, x: x, rows: rows ?? 0..<dy.rows)
    // A second product of a weight would touch what a piece of the first is added to.
    if let left = products, !left.contains(where: { $0.weight.index == weight.index }) {
      products?.append(product)
    } else {
      product.add(outputs: 0..<dy.columns, to: pointer(weight))
    }
  }

  /// Adds the sum of the rows of dY, the gradient of the bias.
  mutating func addSumOfRows(_ dy: Tensor<S>, to bias: Parameter) {
    S.addRows(
      dy.pointer, rows: dy.rows, columns: dy.columns, ld: dy.columns, to: pointer(bias))
  }

  /// The outer products that were left for later, in pieces that do not touch each other. They are the
  /// caller's to add before these gradients are used again.
  package mutating func takeProducts() -> [OuterProductPiece<S>] {
    let all = vector.mutablePointer
    // In the order in which an optimiser goes through the weights: so a thread mostly meets what it wrote.
    let taken = (products ?? []).sorted { $0.weight.offset < $1.weight.offset }
    products = products.map { _ in [] }
    let pieces = taken.flatMap { product in
      product.pieces.map {
        OuterProductPiece(
          product: product, outputs: $0, gradient: all + product.weight.offset,
          isFirst: isUnset[product.weight.index])
      }
    }
    for product in taken { isUnset[product.weight.index] = false }
    for parameter in layout.parameters where isUnset[parameter.index] { _ = pointer(parameter) }
    return pieces
  }

  /// Sets everything to zero: the dense part, and of the sparse tables the rows that were touched.
  ///
  /// - Parameter leavesProducts: whether outer products are left for `takeProducts` from now on.
  package mutating func reset(leavesProducts: Bool = false) {
    products = leavesProducts ? [] : nil
    let all = vector.mutablePointer
    for parameter in layout.parameters where parameter.role != .sparseTable {
      isUnset[parameter.index] = leavesProducts && parameter.role == .weight
      if !isUnset[parameter.index] {
        (all + parameter.offset).update(repeating: 0, count: parameter.count)
      }
    }
    tables.removeAll(keepingCapacity: true)
    for index in touched.indices {
      for range in touched[index].ranges {
        (all + range.lowerBound).update(repeating: 0, count: range.count)
      }
      touched[index].removeAll()
    }
  }

  /// Adds the gradients of another shard.
  package mutating func add(_ other: Gradients, pool: WorkerPool = WorkerPool(threads: 1)) {
    let all = vector.mutablePointer
    let from = other.vector.pointer
    pool.runBlocks(layout.denseCount, of: WorkerPool.smallBlockSize) { block in
      S.add(from + block.lowerBound, to: all + block.lowerBound, count: block.count)
    }
    for (place, table) in other.tables {
      if tables[place]?.add(table) == nil { tables[place] = table }
    }
    for index in touched.indices {
      for row in other.touched[index].rows { touched[index].insert(row) }
      for range in other.touched[index].ranges {
        S.add(from + range.lowerBound, to: all + range.lowerBound, count: range.count)
      }
    }
  }

  /// The ranges of the vector that hold a gradient: the dense part without running statistics, then
  /// the touched rows.
  var ranges: [Range<Int>] {
    var result = layout.learntRanges
    for rows in touched { result.append(contentsOf: rows.ranges) }
    return result
  }

  private func tableIndex(_ table: Parameter) -> Int {
    touched.firstIndex { $0.table.offset == table.offset } ?? 0
  }
}

/// The rows of a sparse table that a batch has touched.
struct TouchedRows: Sendable {
  let table: Parameter
  let rowLength: Int
  private(set) var rows: [Int] = []
  private var isTouched: [Bool]

  init(_ table: Parameter) {
    self.table = table
    self.rowLength = table.shape.dropFirst().reduce(1, *)
    self.isTouched = [Bool](repeating: false, count: table.shape.first ?? 0)
  }

  mutating func insert(_ row: Int) {
    guard !isTouched[row] else { return }
    isTouched[row] = true
    rows.append(row)
  }

  mutating func removeAll() {
    for row in rows { isTouched[row] = false }
    rows.removeAll(keepingCapacity: true)
  }

  /// The rows as ranges of the whole vector.
  var ranges: [Range<Int>] {
    rows.map { row in
      let start = table.offset + row * rowLength
      return start..<start + rowLength
    }
  }
}
