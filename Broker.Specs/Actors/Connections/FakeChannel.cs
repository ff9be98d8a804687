using System.Buffers;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Broker.Protocol.Codec;
using Broker.Protocol.Packets;
using Broker.Protocol.Transport;
using Broker.Specs.Support;
using DotNetty.Common.Concurrency;

namespace Broker.Specs.Actors.Connections;

/// <summary>
/// A client's end of a connection without a socket: what the spec sends reaches the handler as it would from a read,
/// and what the handler flushes is decoded into <see cref="Sent"/>.
/// </summary>
internal sealed class FakeChannel(TestEventLoop loop, string listener = "tcp") : IMqttChannel
{
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly ArrayBufferWriter<byte> _wire = new();
    private readonly PacketDecoder _decoder = new(PeerRole.Server) { MaximumPacketSize = int.MaxValue };
    private readonly Queue<Packet> _unread = new();
    private int _decoded;
    private bool _reading;

    public IMqttChannelHandler Handler { get; set; } = null!;

    public TestEventLoop Loop => loop;

    public IEventExecutor EventLoop => loop;

    public string Listener => listener;

    public EndPoint RemoteAddress { get; } = new IPEndPoint(IPAddress.Loopback, 40_000);

    public X509Certificate2? ClientCertificate => null;

    public ProtocolVersion Version { get; set; } = ProtocolVersion.V311;

    public int MaximumPacketSize { get; set; } = 65_536;

    /// <summary>Thrown by whatever writes.</summary>
    public Exception? Fault { get; set; }

    public IBufferWriter<byte> Output => Fault is { } fault ? throw fault : _output;

    public long PendingBytes => _output.WrittenCount;

    public long BytesReceived { get; set; }

    public long BytesSent => 0;

    public bool IsWritable { get; set; } = true;

    public bool IsActive => !IsClosed;

    public bool IsPaused { get; private set; }

    public bool IsClosed { get; private set; }

    /// <summary>Flushes that had something to send.</summary>
    public int Flushes { get; private set; }

    /// <summary>Packets that the client has and the spec has not looked at, the oldest first.</summary>
    public Queue<Packet> Sent { get; } = new();

    /// <summary>Bytes of all that was flushed.</summary>
    public ReadOnlySpan<byte> Wire => _wire.WrittenSpan;

    /// <summary>One read with these packets; those behind a pause wait for <see cref="ResumeReading"/>.</summary>
    public void Send(params Packet[] packets)
    {
        foreach (var packet in packets)
        {
            _unread.Enqueue(packet);
        }

        Read();
    }

    public void SendMalformed(ReasonCode reasonCode) => Handler.OnMalformed(new MqttProtocolException(reasonCode, "malformed by the spec"));

    /// <summary>The client's side, or the network, ends it.</summary>
    public void Break(Exception? cause = null)
    {
        IsClosed = true;
        Handler.OnClosed(cause);
    }

    /// <summary>The socket takes bytes again.</summary>
    public void BecomeWritable()
    {
        IsWritable = true;
        Handler.OnWritable();
    }

    /// <summary>The next packet that the client got, which is of this kind.</summary>
    public T Next<T>()
        where T : Packet
    {
        Sent.Should().NotBeEmpty("a {0} was expected", typeof(T).Name);
        return Sent.Dequeue().Should().BeOfType<T>().Which;
    }

    /// <summary>Topics of the PUBLISH packets that the client got, in order.</summary>
    public string[] Payloads()
    {
        var payloads = Sent.OfType<PublishPacket>().Select(packet => System.Text.Encoding.UTF8.GetString(packet.Payload.Span)).ToArray();
        Sent.Clear();
        return payloads;
    }

    public void Flush()
    {
        if (_output.WrittenCount == 0)
        {
            return;
        }

        Flushes++;
        _wire.Write(_output.WrittenSpan);
        _output.ResetWrittenCount();
        _decoder.Version = Version;
        while (_decoder.TryDecode(_wire.WrittenSpan[_decoded..], out var packet, out var consumed))
        {
            _decoded += consumed;
            Sent.Enqueue(packet!);
        }
    }

    public void PauseReading() => IsPaused = true;

    public void ResumeReading()
    {
        IsPaused = false;
        if (_unread.Count > 0)
        {
            Read();
        }
    }

    public void Close()
    {
        if (!IsClosed)
        {
            Flush();
            IsClosed = true;
            loop.Execute(() => Handler.OnClosed(null));
        }
    }

    private void Read()
    {
        if (_reading || IsPaused)
        {
            return;
        }

        _reading = true;
        while (!IsPaused && !IsClosed && _unread.TryDequeue(out var packet))
        {
            if (packet is ConnectPacket connect)
            {
                Version = connect.Version;
            }

            var lent = packet.Lent(Version);
            Handler.OnPacket(lent);
            lent.GiveBack();
        }

        _reading = false;
        Handler.OnReadComplete();
    }
}
