namespace Broker.Specs.Protocol.Codec;

/// <summary>Damages encoded packets the way that broken or hostile peers do; the same seed gives the same damage.</summary>
internal sealed class PacketMutator(int seed)
{
    private static readonly byte[] TellingBytes = [0x00, 0x01, 0x02, 0x26, 0x7F, 0x80, 0x81, 0xC0, 0xED, 0xF8, 0xFF];

    private readonly Random _random = new(seed);

    /// <summary>One to four kinds of damage; now and then none at all. At most a little longer than the two packets together.</summary>
    public byte[] Mutate(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> other)
    {
        var bytes = new List<byte>(packet.Length + 16);
        bytes.AddRange(packet);
        for (var rounds = _random.Next(5); rounds > 0; rounds--)
        {
            MutateOnce(bytes, other);
        }

        return [.. bytes];
    }

    /// <summary>Cuts into fragments of random sizes; ends are found by adding up.</summary>
    public int NextFragment(int rest) => Math.Min(rest, _random.Next(3) == 0 ? 1 + _random.Next(4) : 1 + _random.Next(rest));

    /// <summary>0 to <paramref name="limit"/> - 1, from the same seed.</summary>
    public int Next(int limit) => _random.Next(limit);

    private void MutateOnce(List<byte> bytes, ReadOnlySpan<byte> other)
    {
        if (bytes.Count == 0)
        {
            bytes.Add((byte)_random.Next(256));
            return;
        }

        var at = _random.Next(bytes.Count);
        switch (_random.Next(10))
        {
            case 0:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1:
                bytes[at] = TellingBytes[_random.Next(TellingBytes.Length)];
                break;
            case 2:
                bytes[0] = (byte)_random.Next(256);
                break;
            case 3:
                bytes.Insert(at, (byte)_random.Next(256));
                break;
            case 4:
                bytes.RemoveAt(at);
                break;
            case 5:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 6:
                Repeat(bytes, at);
                break;
            case 7:
                FakeRemainingLength(bytes);
                break;
            case 8:
                Splice(bytes, at, other);
                break;
            default:
                Swell(bytes, at);
                break;
        }
    }

    /// <summary>The same fields twice: duplicate properties, for one.</summary>
    private void Repeat(List<byte> bytes, int at)
    {
        var length = Math.Min(bytes.Count - at, 1 + _random.Next(12));
        bytes.InsertRange(at, bytes.GetRange(at, length));
    }

    /// <summary>A remaining length that is wrong, too long for its value, or endless.</summary>
    private void FakeRemainingLength(List<byte> bytes)
    {
        var end = 1;
        while (end < bytes.Count && bytes[end] >= 0x80)
        {
            end++;
        }

        bytes.RemoveRange(1, Math.Min(end, bytes.Count - 1));
        var fake = new byte[1 + _random.Next(5)];
        _random.NextBytes(fake);
        for (var i = 0; i < fake.Length - 1; i++)
        {
            fake[i] |= 0x80;
        }

        bytes.InsertRange(1, fake);
    }

    private void Splice(List<byte> bytes, int at, ReadOnlySpan<byte> other)
    {
        var from = _random.Next(other.Length + 1);
        bytes.RemoveRange(at, bytes.Count - at);
        bytes.AddRange(other[from..]);
    }

    /// <summary>A two-byte length that promises more than there is.</summary>
    private void Swell(List<byte> bytes, int at)
    {
        bytes[at] = 0xFF;
        if (at + 1 < bytes.Count)
        {
            bytes[at + 1] = (byte)_random.Next(256);
        }
    }
}
