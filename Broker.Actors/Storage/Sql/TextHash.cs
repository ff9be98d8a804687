using System.Buffers;
using System.Security.Cryptography;

namespace Broker.Actors.Storage.Sql;

/// <summary>
/// Stands for a text in keys: client ids, filters and topics may be 65,535 bytes long, which no database indexes, and databases disagree about when texts
/// are equal. 128 bits of SHA-256: nobody finds two that collide.
/// </summary>
internal static class TextHash
{
    private const int Length = 16;

    public static byte[] Of(string text)
    {
        var size = System.Text.Encoding.UTF8.GetMaxByteCount(text.Length);
        var rented = ArrayPool<byte>.Shared.Rent(size);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var length = System.Text.Encoding.UTF8.GetBytes(text, rented);
        SHA256.HashData(rented.AsSpan(0, length), hash);
        ArrayPool<byte>.Shared.Return(rented);
        return hash[..Length].ToArray();
    }
}
