using System.Net;
using System.Net.Sockets;
using DotNetty.Buffers;
using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels;

namespace Broker.Protocol.Transport.Epoll;

internal sealed partial class EpollChannel
{
    private static readonly Action<object> ClearReadPendingAction = static channel => ((EpollChannel)channel)._readPending = false;

    private bool _readPending;

    private EpollUnsafe Io => (EpollUnsafe)Unsafe;

    // Looked at when something is there to be read: to pause and resume between two reads costs no system call.
    private bool WantsRead => _readPending || Configuration.AutoRead;

    protected override void DoBeginRead()
    {
        _readPending = true;
        Ask(_interest | Readiness.Read);
    }

    private void ClearReadPending()
    {
        if (!Registered || EventLoop.InEventLoop)
        {
            _readPending = false;
        }
        else
        {
            EventLoop.Execute(ClearReadPendingAction, this);
        }
    }

    /// <summary>Bytes received; 0: none are there; -1: the peer has ended, or the channel is closed.</summary>
    private unsafe int DoReadBytes(IByteBuffer buffer)
    {
        if (!Open)
        {
            return -1;
        }

        while (true)
        {
            nint received;
            fixed (byte* start = &buffer.Array[buffer.ArrayOffset + buffer.WriterIndex])
            {
                received = Libc.Receive(_descriptor, start, buffer.WritableBytes, 0);
            }

            if (received > 0)
            {
                HasReceived = true;
                buffer.SetWriterIndex(buffer.WriterIndex + (int)received);
                return (int)received;
            }

            if (received == 0)
            {
                return -1;
            }

            switch (LinuxError.Last)
            {
                case LinuxError.TryAgain:
                    return 0;
                case LinuxError.Interrupted:
                    continue;
                case var error:
                    throw LinuxError.ToException(error);
            }
        }
    }

    private sealed class EpollUnsafe(EpollChannel owner) : AbstractUnsafe(owner), IChannelUnsafe
    {
        // After each read: the inherited one makes a closure each time, for a fault.
        void IChannelUnsafe.BeginRead()
        {
            if (owner.Open && (owner._interest & Readiness.Read) != 0)
            {
                owner._readPending = true;
            }
            else
            {
                BeginRead();
            }
        }

        public override Task ConnectAsync(EndPoint remoteAddress, EndPoint localAddress) =>
            Task.FromException(new NotSupportedException("An accepted connection is connected already."));

        /// <summary>The socket takes bytes again.</summary>
        public void ContinueWrite()
        {
            base.Flush0();
            if (owner.Open && OutboundBuffer is null or { IsEmpty: true })
            {
                owner.Ask(owner._interest & ~Readiness.Write);
            }
        }

        /// <summary>What is there, batch after batch, as far as the allocator allows.</summary>
        public void Read()
        {
            IChannelConfiguration configuration = owner.Configuration;
            IChannelPipeline pipeline = owner.Pipeline;
            IRecvByteBufAllocatorHandle allocation = RecvBufAllocHandle;
            allocation.Reset(configuration);
            IByteBuffer? buffer = null;
            bool hasEnded = false;
            try
            {
                do
                {
                    buffer = allocation.Allocate(configuration.Allocator);
                    int received = owner.DoReadBytes(buffer);
                    allocation.LastBytesRead = received;
                    if (received <= 0)
                    {
                        hasEnded = received < 0;
                        break;
                    }

                    allocation.IncMessagesRead(1);
                    owner._readPending = false;
                    IByteBuffer full = buffer;
                    buffer = null;
                    pipeline.FireChannelRead(full);
                }
                while (allocation.ContinueReading());

                allocation.ReadComplete();
                pipeline.FireChannelReadComplete();
            }
            catch (Exception exception)
            {
                allocation.ReadComplete();
                pipeline.FireChannelReadComplete();
                pipeline.FireExceptionCaught(exception);
                hasEnded = exception is SocketException;
            }
            finally
            {
                buffer?.Release();
            }

            if (hasEnded)
            {
                CloseAsync();
            }
        }

        // While the socket takes nothing, what is flushed waits behind what waits.
        protected override void Flush0()
        {
            if (!owner.IsWaitingToWrite)
            {
                base.Flush0();
            }
        }
    }
}
