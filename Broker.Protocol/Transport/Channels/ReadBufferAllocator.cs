using DotNetty.Buffers;
using DotNetty.Transport.Channels;

namespace Broker.Protocol.Transport.Channels;

/// <summary>
/// Sizes read buffers by what a connection sends: 2 KiB to 64 KiB. A read that fills its buffer is followed by another at
/// once, a few times, so that a burst is one batch; DotNetty's own allocators return to the selector after each read.
/// Nothing is held between reads.
/// </summary>
internal sealed class ReadBufferAllocator : IRecvByteBufAllocator
{
    public const int Smallest = 2 * 1024;
    public const int Largest = 64 * 1024;

    /// <summary>Reads in a row before other connections of the loop have their turn.</summary>
    public const int MostReads = 4;

    /// <summary>
    /// Packets after which it is the others' turn, whatever is left to be read: 64 KiB are 32,000 of the smallest packets, and who sends nothing else would be served for milliseconds while all wait.
    /// </summary>
    public const int MostPackets = 2_000;

    public static readonly ReadBufferAllocator Instance = new();

    public IRecvByteBufAllocatorHandle NewHandle() => new Handle();

    /// <summary>Of one channel.</summary>
    internal sealed class Handle : IRecvByteBufAllocatorHandle
    {
        private IChannelConfiguration? _configuration;
        private int _size = Smallest;
        private int _last;
        private int _total;
        private int _reads;
        private int _packets;
        private bool _wasSmall;

        public int LastBytesRead
        {
            get => _last;
            set
            {
                _last = value;
                _total += Math.Max(value, 0);
            }
        }

        public int AttemptedBytesRead { get; set; }

        public IByteBuffer Allocate(IByteBufferAllocator alloc)
        {
            AttemptedBytesRead = _size;
            return alloc.HeapBuffer(_size);
        }

        public int Guess() => _size;

        public void Reset(IChannelConfiguration config)
        {
            _configuration = config;
            _total = 0;
            _reads = 0;
            _packets = 0;
        }

        /// <summary>So many packets were in what has been read.</summary>
        public void IncPacketsRead(int packets) => _packets += packets;

        public void IncMessagesRead(int numMessages) => _reads += numMessages;

        public bool ContinueReading()
        {
            if (_packets >= MostPackets)
            {
                _size = _packets > 2 * MostPackets ? Math.Max(_size / 2, Smallest) : _size;
                return false;
            }

            if (_last < AttemptedBytesRead)
            {
                return false;
            }

            _size = Math.Min(_size * 4, Largest);
            _wasSmall = false;
            return _reads < MostReads && _configuration!.AutoRead;
        }

        public void ReadComplete()
        {
            if (_total >= _size / 4)
            {
                _wasSmall = false;
            }
            else if (_wasSmall)
            {
                _size = Math.Max(_size / 2, Smallest);
                _wasSmall = false;
            }
            else
            {
                _wasSmall = true;
            }
        }
    }
}
