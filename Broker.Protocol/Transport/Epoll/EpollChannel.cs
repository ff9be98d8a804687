using System.Net;
using Broker.Protocol.Transport.Channels;
using DotNetty.Transport.Channels;

namespace Broker.Protocol.Transport.Epoll;

/// <summary>
/// An accepted connection on an <see cref="EpollEventLoop"/>. The descriptor is used and closed on the loop alone, and closed
/// once: whoever comes after that finds -1.
/// </summary>
internal sealed partial class EpollChannel : AbstractChannel, IClientChannel, IDirectOutput, IEpollSource
{
    private static readonly ChannelMetadata NoDisconnect = new(false);

    private readonly OpenConnections _connections;
    private readonly EndPoint _local;
    private readonly EndPoint _remote;
    private EpollEventLoop? _loop;
    private ulong _token;
    private Readiness _interest;
    private bool _isWatched;
    private volatile int _descriptor;

    /// <param name="descriptor">A connected, non-blocking socket, the channel's from now on.</param>
    /// <param name="remote">The peer.</param>
    /// <param name="local">The listener's address.</param>
    /// <param name="connections">Told when it is closed.</param>
    public EpollChannel(int descriptor, EndPoint remote, EndPoint local, OpenConnections connections)
        : base(null)
    {
        _descriptor = descriptor;
        _remote = remote;
        ClientAddress = Addresses.Unmapped(remote);
        _local = local;
        _connections = connections;
        Configuration = new Settings(this);
    }

    public override IChannelConfiguration Configuration { get; }

    public override bool Open => _descriptor >= 0;

    public override bool Active => Open;

    public override ChannelMetadata Metadata => NoDisconnect;

    public EndPoint ClientAddress { get; set; }

    public bool HasReceived { get; set; }

    protected override EndPoint LocalAddressInternal => _local;

    protected override EndPoint RemoteAddressInternal => _remote;

    public void EndOutput()
    {
        ObjectDisposedException.ThrowIf(!Open, this);

        if (Libc.Shutdown(_descriptor, Libc.ShutdownWrite) != 0)
        {
            throw LinuxError.ToException(LinuxError.Last);
        }
    }

    public unsafe void ResetOnClose()
    {
        if (Open)
        {
            var linger = new Libc.Linger { IsOn = 1 };
            _ = Libc.SetOption(_descriptor, Libc.SocketLevel, Libc.LingerOption, &linger, sizeof(Libc.Linger));
        }
    }

    void IEpollSource.Close() => Unsafe.CloseAsync();

    void IEpollSource.OnReady(Readiness ready)
    {
        bool isBroken = (ready & (Readiness.Error | Readiness.HangUp)) != 0;
        if (IsWaitingToWrite && (isBroken || (ready & Readiness.Write) != 0))
        {
            Io.ContinueWrite();
        }

        if (Open && (_interest & Readiness.Read) != 0 && (isBroken || (ready & Readiness.Read) != 0))
        {
            if (WantsRead)
            {
                Io.Read();
            }
            else
            {
                Ask(_interest & ~Readiness.Read);
            }
        }

        // Nobody reads or writes, so nobody can find out; but it would be told for ever. The next read asks again.
        if (isBroken && Open && _interest == Readiness.None && _isWatched)
        {
            _loop!.Unwatch(_descriptor);
            _isWatched = false;
        }
    }

    protected override IChannelUnsafe NewUnsafe() => new EpollUnsafe(this);

    protected override bool IsCompatible(IEventLoop eventLoop) => eventLoop is EpollEventLoop;

    protected override void DoRegister()
    {
        _loop = (EpollEventLoop)EventLoop;
        _token = _loop.Register(_descriptor, this);
    }

    protected override void DoBind(EndPoint localAddress) => throw new NotSupportedException("An accepted connection is bound already.");

    protected override void DoDisconnect() => DoClose();

    protected override void DoClose()
    {
        int descriptor = _descriptor;
        if (descriptor < 0)
        {
            return;
        }

        _descriptor = -1;
        _loop?.Deregister(descriptor);
        _ = Libc.Close(descriptor);
        _connections.Remove(this);
    }

    // Paid for only where what is asked for changes.
    private void Ask(Readiness interest)
    {
        if (interest == _interest && (_isWatched || interest == Readiness.None))
        {
            return;
        }

        _interest = interest;
        if (_isWatched)
        {
            _loop!.ChangeWatch(_descriptor, interest, _token);
        }
        else
        {
            _loop!.Watch(_descriptor, interest, _token);
            _isWatched = true;
        }
    }

    private sealed class Settings(EpollChannel channel) : DefaultChannelConfiguration(channel, ReadBufferAllocator.Instance)
    {
        protected override void AutoReadCleared() => channel.ClearReadPending();
    }
}
