using System.Buffers.Binary;
using System.Numerics;

namespace Broker.Protocol.Transport.Proxy;

/// <summary>The values by type (TLVs) of a header of version 2, as far as they matter here.</summary>
/// <param name="Link">LINKID of the Azure private endpoint that the client comes through; null: it does not.</param>
internal readonly record struct HeaderValues(uint? Link)
{
    private const byte Crc32C = 0x03;

    /// <summary>PP2_TYPE_AZURE, and in it PP2_SUBTYPE_AZURE_PRIVATEENDPOINT_LINKID: "Get connection information using TCP Proxy v2" of Azure's documentation.</summary>
    private const byte Azure = 0xEE;
    private const byte AzureLink = 0x01;

    // Of a type, and its length.
    private const int Overhead = 3;
    private const int ChecksumLength = 4;

    /// <summary>Reads those from <paramref name="start"/> on to the header's end, and checks the header's checksum where it has one.</summary>
    public static HeaderValues Read(ReadOnlySpan<byte> header, int start)
    {
        uint? link = null;
        int at = start;
        while (at < header.Length)
        {
            if (at + Overhead > header.Length)
            {
                throw BinaryHeader.Malformed("ends within a value");
            }

            int length = BinaryPrimitives.ReadUInt16BigEndian(header[(at + 1)..]);
            int value = at + Overhead;
            if (value + length > header.Length)
            {
                throw BinaryHeader.Malformed("ends within a value");
            }

            switch (header[at])
            {
                case Crc32C:
                    CheckSum(header, value, length);
                    break;
                case Azure:
                    link = LinkOf(header.Slice(value, length)) ?? link;
                    break;
            }

            at = value + length;
        }

        return new HeaderValues(link);
    }

    // Little-endian, unlike all else of the header.
    private static uint? LinkOf(ReadOnlySpan<byte> value) =>
        value.Length == 1 + sizeof(uint) && value[0] == AzureLink ? BinaryPrimitives.ReadUInt32LittleEndian(value[1..]) : null;

    // Of the whole header, with zeros in place of the checksum itself (section 2.2.3).
    private static void CheckSum(ReadOnlySpan<byte> header, int value, int length)
    {
        if (length != ChecksumLength)
        {
            throw BinaryHeader.Malformed($"has a checksum of {length} bytes");
        }

        uint sum = uint.MaxValue;
        for (int i = 0; i < header.Length; i++)
        {
            sum = BitOperations.Crc32C(sum, i >= value && i < value + ChecksumLength ? (byte)0 : header[i]);
        }

        if (~sum != BinaryPrimitives.ReadUInt32BigEndian(header[value..]))
        {
            throw BinaryHeader.Malformed("does not have the checksum that it says");
        }
    }
}
