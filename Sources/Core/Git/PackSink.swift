import CGit
import COpenSSL
import CZlib
import Domain

/// Collects new objects and writes them as one pack: two files instead of one for each object.
final class PackSink: ObjectSink {
    private var body: [UInt8] = []
    private var known: Set<ObjectID> = []
    /// Objects of at most this many bytes are kept in memory together.
    private static let bodyBytesMax = 1 << 30

    /// What stands at the start of a pack (gitformat-pack): the magic word and version 2.
    private static let preamble = Array("PACK".utf8) + [0, 0, 0, 2]

    func write(_ bytes: [UInt8], as kind: ObjectKind) throws(GitFault) -> ObjectID {
        let id = try HashingSink().write(bytes, as: kind)
        guard known.insert(id).inserted else { return id }
        appendHeader(kind, bytes.count)
        try appendCompressed(bytes)
        guard body.count <= Self.bodyBytesMax else {
            throw .tooLarge("the new files have more than \(Self.bodyBytesMax) bytes together")
        }
        return id
    }

    /// Writes pack and index into a repository that nobody uses yet.
    func finish(in repository: borrowing Repository) throws(GitFault) {
        guard !known.isEmpty else { return }
        let count = withUnsafeBytes(of: UInt32(known.count).bigEndian) { Array($0) }
        var pack = Self.preamble + count + body
        pack += try Self.checksum(of: pack)
        let folder = "\(repository.path)/objects/pack"
        let indexer = try Handle("a pack", release: git_indexer_free) {
            [database = repository.database.raw] in
            git_indexer_new(&$0, folder, 0o444, database, nil)
        }
        var progress = git_indexer_progress()
        let code = pack.withUnsafeBytes {
            git_indexer_append(indexer.raw, $0.baseAddress, $0.count, &progress)
        }
        try check(code, "a pack")
        try check(git_indexer_commit(indexer.raw, &progress), "a pack")
        try check(git_odb_refresh(repository.database.raw), "the object database")
    }

    /// Type and size of an object: four bits of size in the first byte, seven in each further one.
    private func appendHeader(_ kind: ObjectKind, _ size: Int) {
        var rest = size >> 4
        var byte = UInt8(kind.raw.rawValue) << 4 | UInt8(size & 15)
        while rest > 0 {
            body.append(byte | 0x80)
            byte = UInt8(rest & 0x7F)
            rest >>= 7
        }
        body.append(byte)
    }

    private func appendCompressed(_ bytes: [UInt8]) throws(GitFault) {
        var count = compressBound(uLong(bytes.count))
        var code = Z_OK
        let packed = [UInt8](unsafeUninitializedCapacity: Int(count)) { buffer, used in
            code = compress2(
                buffer.baseAddress,
                &count,
                bytes,
                uLong(bytes.count),
                Z_BEST_SPEED
            )
            used = Int(count)
        }
        guard code == Z_OK else { throw .failed("zlib refused an object") }
        body += packed
    }

    /// SHA-1, which Git's format asks for.
    private static func checksum(of bytes: [UInt8]) throws(GitFault) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 20)
        guard EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha1(), nil) == 1 else {
            throw .failed("libcrypto has no SHA-1")
        }
        return digest
    }
}
