using System.Buffers;
using Broker.Protocol.Codec;
using Broker.Protocol.Packets;

namespace Broker.Protocol.Transport.Channels;

/// <summary>
/// Turns the bytes of one connection into packets for its handler. Packets are decoded where they lie in the read buffer;
/// only an incomplete packet, or what arrives while reading is paused, is kept, in a rented array that is given
/// back as soon as it is empty. Knows nothing of sockets. Not safe for concurrent use.
/// </summary>
internal sealed class PacketReader(PacketDecoder decoder)
{
    private const int SmallestArray = 256;

    private byte[]? _kept;
    private int _start;
    private int _count;
    private bool _held;
    private bool _stopped;
    private bool _reading;
    private bool _delivered;
    private MqttProtocolException? _problem;

    /// <summary>While true no packet is delivered; bytes are kept.</summary>
    public bool IsPaused { get; set; }

    /// <summary>Bytes kept for later.</summary>
    public int KeptBytes => _count;

    /// <summary>The array behind <see cref="KeptBytes"/>; 0 when nothing is kept.</summary>
    public int KeptCapacity => _kept?.Length ?? 0;

    /// <summary>Packets that were delivered. Grows.</summary>
    public long Delivered { get; private set; }

    /// <summary>True after <see cref="Stop"/> or malformed input: nothing is delivered any more.</summary>
    public bool IsStopped => _stopped;

    /// <summary>Delivers every complete packet in what was kept and <paramref name="bytes"/>, until paused.</summary>
    public void Read(ReadOnlySpan<byte> bytes, IMqttChannelHandler handler)
    {
        if (_stopped)
        {
            return;
        }

        _reading = true;
        try
        {
            if (_held && !IsPaused)
            {
                DeliverKept(handler);
            }

            if (_count > 0 && !IsPaused && !_held)
            {
                bytes = CompleteKept(bytes, handler);
            }

            while (_count == 0 && !IsPaused && TryDecode(bytes, out Packet? packet, out int consumed))
            {
                bytes = bytes[consumed..];
                Deliver(packet!, handler);
            }

            if (!_stopped && !bytes.IsEmpty)
            {
                _held |= IsPaused;
                Append(bytes, 0);
            }
        }
        finally
        {
            EndReading();
        }
    }

    /// <summary>Delivers what was kept while paused. No effect while paused.</summary>
    public void ReadHeld(IMqttChannelHandler handler)
    {
        if (_stopped || _reading || IsPaused || !_held)
        {
            return;
        }

        _reading = true;
        try
        {
            DeliverKept(handler);
        }
        finally
        {
            EndReading();
        }
    }

    /// <summary>Whether a packet has been delivered since it was last asked.</summary>
    public bool TakeDelivered()
    {
        bool delivered = _delivered;
        _delivered = false;
        return delivered;
    }

    /// <summary>What made the decoder give up, once.</summary>
    public MqttProtocolException? TakeProblem()
    {
        MqttProtocolException? problem = _problem;
        _problem = null;
        return problem;
    }

    /// <summary>Delivers nothing any more and gives memory back. May be called from within a delivery.</summary>
    public void Stop()
    {
        _stopped = true;
        if (!_reading)
        {
            Release();
        }
    }

    private void DeliverKept(IMqttChannelHandler handler)
    {
        while (!IsPaused && TryDecode(_kept.AsSpan(_start, _count), out Packet? packet, out int consumed))
        {
            _start += consumed;
            _count -= consumed;
            Deliver(packet!, handler);
        }

        _held = IsPaused && _count > 0;
        Shrink();
    }

    // The kept bytes are the beginning of one packet: copy only what that packet lacks.
    private ReadOnlySpan<byte> CompleteKept(ReadOnlySpan<byte> bytes, IMqttChannelHandler handler)
    {
        while (!bytes.IsEmpty)
        {
            int total = FrameLength(_kept.AsSpan(_start, _count));
            int take = Math.Min(Math.Max(total - _count, 1), bytes.Length);
            Append(bytes[..take], total);
            bytes = bytes[take..];
            if (TryDecode(_kept.AsSpan(_start, _count), out Packet? packet, out _))
            {
                Release();
                Deliver(packet!, handler);
                break;
            }

            if (_stopped)
            {
                break;
            }
        }

        return bytes;
    }

    private bool TryDecode(ReadOnlySpan<byte> source, out Packet? packet, out int consumed)
    {
        packet = null;
        consumed = 0;
        if (_stopped || source.IsEmpty)
        {
            return false;
        }

        try
        {
            return decoder.TryDecode(source, out packet, out consumed);
        }
        catch (MqttProtocolException problem)
        {
            _problem = problem;
            _stopped = true;
            return false;
        }
    }

    private void Deliver(Packet packet, IMqttChannelHandler handler)
    {
        _delivered = true;
        Delivered++;
        handler.OnPacket(packet);
        packet.GiveBack();
    }

    private void EndReading()
    {
        _reading = false;
        if (_stopped)
        {
            Release();
        }
    }

    // Grows by doubling, never at once to the announced length: a client must send what it makes us hold.
    private void Append(ReadOnlySpan<byte> bytes, int frameLength)
    {
        int needed = _count + bytes.Length;
        if (_kept is null || _start + needed > _kept.Length)
        {
            int size = Math.Max(Math.Min(2 * _count, frameLength), needed);
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(size, SmallestArray));
            _kept.AsSpan(_start, _count).CopyTo(larger);
            Return();
            _kept = larger;
        }

        bytes.CopyTo(_kept.AsSpan(_start + _count));
        _count = needed;
    }

    private void Shrink()
    {
        if (_count == 0)
        {
            Release();
        }
        else if (_kept!.Length > SmallestArray && _count <= _kept.Length / 4)
        {
            byte[] smaller = ArrayPool<byte>.Shared.Rent(Math.Max(_count, SmallestArray));
            _kept.AsSpan(_start, _count).CopyTo(smaller);
            Return();
            _kept = smaller;
        }
    }

    private void Release()
    {
        Return();
        _count = 0;
        _held = false;
    }

    private void Return()
    {
        if (_kept is not null)
        {
            ArrayPool<byte>.Shared.Return(_kept);
        }

        _kept = null;
        _start = 0;
    }

    /// <summary>Bytes of the packet that begins here, by its fixed header; 0 while that is incomplete.</summary>
    private static int FrameLength(ReadOnlySpan<byte> source)
    {
        int length = 0;
        for (int i = 1; i < source.Length && i <= 4; i++)
        {
            length |= (source[i] & 0x7F) << (7 * (i - 1));
            if ((source[i] & 0x80) == 0)
            {
                return 1 + i + length;
            }
        }

        return 0;
    }
}
