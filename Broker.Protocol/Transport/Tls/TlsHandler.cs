using System.Security.Authentication;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;

namespace Broker.Protocol.Transport.Tls;

/// <summary>
/// Turns TLS records into plain bytes and back, between the socket and the connection's handler, with .NET's SslStream. DotNetty's own
/// TlsHandler loses a race where data arrive while a client's certificate is being checked (Azure/DotNetty#602), and holds a buffer for
/// each silent connection. This file has the handshake and the end; TlsHandler.Records.cs what comes between.
/// </summary>
internal sealed partial class TlsHandler : ChannelHandlerAdapter
{
    // The first byte of the record that a ClientHello comes in (RFC 8446, 5.1).
    private const byte HandshakeRecord = 22;

    // What may wait for the handshake before nothing more is read: a client may send on behind its last message of it.
    private const int MostAhead = 64 * 1024;

    private static readonly Action<object> CompleteAction = static handler => ((TlsHandler)handler).Complete();

    private static readonly Action<Task, object?> HandshakeEndedAction =
        static (_, handler) => ((TlsHandler)handler!)._context!.Executor.Execute(CompleteAction, handler);

    private static readonly Action<object> GiveWayAction = static handler =>
        ((TlsHandler)handler).Fail(new IOException("too many handshakes were under way, and this was the oldest (max-handshakes)"));

    private readonly TlsContext _policy;
    private readonly HandshakeLimit _limit;
    private IChannelHandlerContext? _context;
    private Task? _handshake;
    private LinkedListNode<TlsHandler>? _place;
    private bool _isComplete;
    private bool _hasEnded;

    public TlsHandler(TlsContext policy, HandshakeLimit limit)
    {
        _policy = policy;
        _limit = limit;
        Cipher = new CipherStream(Send);
        _continueAction = Continue;
        Stream = new ServerSslStream(Cipher, policy);
    }

    /// <summary>Who the client is, once the handshake is complete; and the way to send close_notify.</summary>
    public ServerSslStream Stream { get; }

    // Ends with the connection, by End and the SslStream above it.
    private CipherStream Cipher { get; }

    public override void HandlerAdded(IChannelHandlerContext context) => _context = context;

    public override void ChannelRead(IChannelHandlerContext context, object message)
    {
        var received = (IByteBuffer)message;
        if (_hasEnded)
        {
            received.Release();
            return;
        }

        if (_handshake is null)
        {
            if (received.GetByte(received.ReaderIndex) != HandshakeRecord)
            {
                received.Release();
                Fail(new AuthenticationException("what the client sends is not TLS"));
                return;
            }

            _place = _limit.Enter(this);
            _handshake = Stream.AuthenticateAsServerAsync(_policy.CreateOptions());
            _handshake.ContinueWith(HandshakeEndedAction, this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        _isReceiving = true;
        _received = received.ReadableBytes;
        int waiting = Cipher.Feed(received);
        _isReceiving = false;
        if (!_isComplete && waiting > MostAhead)
        {
            context.Channel.Configuration.AutoRead = false;
        }
    }

    public override void ChannelInactive(IChannelHandlerContext context)
    {
        End();
        Stream.Dispose();
        context.FireChannelInactive();
    }

    /// <summary>Its place is needed for another handshake. Any thread.</summary>
    public void GiveWay() => _context!.Executor.Execute(GiveWayAction, this);

    private void Complete()
    {
        if (_hasEnded)
        {
            // Observed; why it ended has been told.
            _ = _handshake!.Exception;
            return;
        }

        if (_handshake!.Exception is { } failure)
        {
            Fail(failure);
            return;
        }

        _isComplete = true;
        RecordBuffers.Release(Stream);
        Leave();
        _context!.Channel.Configuration.AutoRead = true;
        _context.FireUserEventTriggered(new HandshakeEnd(null));
        ReadOn(isReady: false);
        _context.FireChannelReadComplete();
    }

    private void Fail(Exception failure)
    {
        if (_hasEnded)
        {
            return;
        }

        End();
        if (_isComplete)
        {
            _context!.FireExceptionCaught(failure);
        }
        else
        {
            _context!.FireUserEventTriggered(new HandshakeEnd(failure));
        }

        _context!.CloseAsync();
    }

    private void End()
    {
        _hasEnded = true;
        Leave();
        Cipher.End();
    }

    private void Leave()
    {
        if (_place is { } place)
        {
            _place = null;
            _limit.Leave(place);
        }
    }
}
