using System.Runtime.CompilerServices;
using System.Security.Authentication;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;

namespace Broker.Protocol.Transport.Tls;

/// <remarks>
/// All of a batch of records is decrypted and handed on before the batch ends below, so that its packets are one batch too; each write is encrypted at
/// once. Both happen on the event loop: SslStream is continued by whoever feeds the stream below it.
/// </remarks>
internal sealed partial class TlsHandler
{
    private const int SmallestRead = 512;
    private const int LargestRecord = 16 * 1024;
    private const int RecordOverhead = 64;

    private static readonly Action<object> ContinueAction = static handler => ((TlsHandler)handler).ContinueReading();

    private readonly Action _continueAction;
    private ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter _ready;
    private bool _isReceiving;
    private int _received;
    private IByteBuffer? _encrypted;

    public override Task WriteAsync(IChannelHandlerContext context, object message)
    {
        var plain = (IByteBuffer)message;
        int length = plain.ReadableBytes;
        _encrypted = context.Allocator.HeapBuffer(length + (RecordOverhead * (1 + (length / LargestRecord))));
        try
        {
            Complete(Stream.WriteAsync(plain.Array.AsMemory(plain.ArrayOffset + plain.ReaderIndex, length)));
            return context.WriteAsync(_encrypted.Retain());
        }
        catch (Exception failure) when (IsOfTls(failure))
        {
            return Task.FromException(failure);
        }
        finally
        {
            _encrypted.Release();
            _encrypted = null;
            plain.Release();
        }
    }

    // Records that SslStream has made: of a write of ours, or its own (handshake, alert, key update), these from any thread.
    private void Send(ReadOnlySpan<byte> records)
    {
        if (_encrypted is { } encrypted)
        {
            Append(encrypted, records);
            return;
        }

        IByteBuffer own = _context!.Allocator.HeapBuffer(records.Length);
        Append(own, records);
        _context.WriteAndFlushAsync(own);
    }

    // Waits without a buffer of its own; what is there is then read at once.
    private void Read()
    {
        while (!_hasEnded)
        {
            _ready = Awaiter(Stream.ReadAsync(Memory<byte>.Empty));
            if (!_ready.IsCompleted)
            {
                _ready.UnsafeOnCompleted(_continueAction);
                return;
            }

            Deliver();
        }
    }

    private void Continue()
    {
        if (_context!.Executor.InEventLoop)
        {
            ContinueReading();
        }
        else
        {
            _context.Executor.Execute(ContinueAction, this);
        }
    }

    private void ContinueReading()
    {
        ReadOn(isReady: true);
        if (!_isReceiving)
        {
            _context!.FireChannelReadComplete();
        }
    }

    // What is no TLS ends the connection.
    private void ReadOn(bool isReady)
    {
        try
        {
            if (isReady)
            {
                Deliver();
            }

            Read();
        }
        catch (Exception failure) when (IsOfTls(failure))
        {
            Fail(failure);
        }
    }

    private void Deliver()
    {
        _ready.GetResult();
        if (_hasEnded)
        {
            return;
        }

        IByteBuffer plain = _context!.Allocator.HeapBuffer(Math.Clamp(_received, SmallestRead, LargestRecord));
        int length = 0;
        try
        {
            length = Complete(Stream.ReadAsync(plain.Array.AsMemory(plain.ArrayOffset, plain.Capacity)));
        }
        finally
        {
            if (length == 0)
            {
                plain.Release();
            }
        }

        if (length > 0)
        {
            _context.FireChannelRead(plain.SetWriterIndex(length));
            return;
        }

        // close_notify.
        End();
        _context.CloseAsync();
    }

    private static ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter Awaiter(ValueTask<int> reading) => reading.ConfigureAwait(false).GetAwaiter();

    // What was waited for is there.
    private static int Complete(ValueTask<int> reading) =>
        reading.IsCompleted ? reading.GetAwaiter().GetResult() : throw new InvalidOperationException("SslStream waits for more than it said.");

    // The stream below takes all at once.
    private static void Complete(ValueTask writing)
    {
        if (!writing.IsCompleted)
        {
            throw new InvalidOperationException("SslStream waits for something while it writes.");
        }

        writing.GetAwaiter().GetResult();
    }

    private static bool IsOfTls(Exception failure) => failure is IOException or InvalidOperationException or AuthenticationException;

    private static void Append(IByteBuffer buffer, ReadOnlySpan<byte> bytes)
    {
        buffer.EnsureWritable(bytes.Length);
        bytes.CopyTo(buffer.Array.AsSpan(buffer.ArrayOffset + buffer.WriterIndex));
        buffer.SetWriterIndex(buffer.WriterIndex + bytes.Length);
    }
}
