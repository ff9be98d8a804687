using System.Runtime.InteropServices;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;

namespace Broker.Protocol.Transport.Epoll;

internal sealed partial class EpollChannel
{
    /// <summary>Buffers of one writev; IOV_MAX is 1,024.</summary>
    private const int MostBuffers = 64;

    /// <summary>Bytes of one writev, so that a large output does not keep the loop.</summary>
    private const int MostBytes = 1024 * 1024;

    private bool IsWaitingToWrite => (_interest & Readiness.Write) != 0;

    public unsafe int TrySend(ReadOnlySpan<byte> bytes)
    {
        if (!Open || IsWaitingToWrite || Unsafe.OutboundBuffer is not { } waiting || waiting.TotalPendingWriteBytes() > 0)
        {
            return 0;
        }

        fixed (byte* start = bytes)
        {
            return (int)Send(start, bytes.Length);
        }
    }

    protected override object FilterOutboundMessage(object message) => message as IByteBuffer
        ?? throw new NotSupportedException($"A connection sends {nameof(IByteBuffer)}s, not {message.GetType().Name}.");

    // As long as the socket takes all it is given; then it is asked to tell when it takes more.
    protected override void DoWrite(ChannelOutboundBuffer input)
    {
        long written = 0;
        while (input.Size > 0)
        {
            long offered = 0;
            long sent = input.Size == 1 && input.Current is IByteBuffer { HasArray: true } single
                ? SendOne(single, out offered)
                : SendMany(input, out offered);
            if (offered > 0 && sent == 0)
            {
                Ask(_interest | Readiness.Write);
                return;
            }

            input.RemoveBytes(sent);
            written += sent;
            if (sent < offered || (written >= MostBytes && input.Size > 0))
            {
                Ask(_interest | Readiness.Write);
                return;
            }
        }

        Ask(_interest & ~Readiness.Write);
    }

    private unsafe long SendOne(IByteBuffer buffer, out long offered)
    {
        int length = buffer.ReadableBytes;
        offered = length;
        if (length == 0)
        {
            return 0;
        }

        fixed (byte* start = &buffer.Array[buffer.ArrayOffset + buffer.ReaderIndex])
        {
            return Send(start, length);
        }
    }

    private unsafe long Send(byte* start, int length)
    {
        nint sent;
        do
        {
            sent = Libc.Send(_descriptor, start, length, Libc.NoSignal);
        }
        while (sent < 0 && LinuxError.Last == LinuxError.Interrupted);
        return Taken(sent);
    }

    private unsafe long SendMany(ChannelOutboundBuffer input, out long offered)
    {
        List<ArraySegment<byte>> segments = input.GetSharedBufferList(MostBuffers, MostBytes);
        try
        {
            int count = Math.Min(segments.Count, MostBuffers);
            var pins = stackalloc GCHandle[MostBuffers];
            var vectors = stackalloc Libc.Vector[MostBuffers];
            offered = 0;
            int pinned = 0;
            try
            {
                for (; pinned < count; pinned++)
                {
                    ArraySegment<byte> segment = segments[pinned];
                    pins[pinned] = GCHandle.Alloc(segment.Array, GCHandleType.Pinned);
                    vectors[pinned].Start = (byte*)pins[pinned].AddrOfPinnedObject() + segment.Offset;
                    vectors[pinned].Length = segment.Count;
                    offered += segment.Count;
                }

                if (offered == 0)
                {
                    return 0;
                }

                nint sent;
                do
                {
                    sent = Libc.WriteVector(_descriptor, vectors, count);
                }
                while (sent < 0 && LinuxError.Last == LinuxError.Interrupted);
                return Taken(sent);
            }
            finally
            {
                while (pinned > 0)
                {
                    pins[--pinned].Free();
                }
            }
        }
        finally
        {
            segments.Clear();
        }
    }

    private static long Taken(nint sent) => sent >= 0 ? sent
        : LinuxError.Last == LinuxError.TryAgain ? 0
        : throw LinuxError.ToException(LinuxError.Last);
}
