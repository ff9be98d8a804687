using System.Buffers;
using Broker.Protocol.Codec;
using Broker.Protocol.Packets;
using Broker.Protocol.Transport;
using Broker.Specs.Support;

namespace Broker.Specs.Protocol.Transport;

/// <summary>Records what a channel tells, lets a spec act within each call, and wait for what it expects.</summary>
internal sealed class RecordingHandler(IMqttChannel? channel = null) : IMqttChannelHandler
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly object _lock = new();
    private readonly List<Packet> _packets = [];
    private readonly List<string> _events = [];

    public IMqttChannel Channel => channel!;

    public Action<Packet>? WhenPacket { get; set; }

    public Action? WhenReadComplete { get; set; }

    public Action? WhenWritable { get; set; }

    public Action? WhenClosed { get; set; }

    public Action? WhenMalformed { get; set; }

    public MqttProtocolException? Problem { get; private set; }

    public Exception? Cause { get; private set; }

    public IReadOnlyList<Packet> Packets => Copy(_packets);

    public IReadOnlyList<string> Events => Copy(_events);

    public int Count(string name) => Events.Count(e => e == name);

    public void OnPacket(Packet packet)
    {
        packet = packet.Kept();
        Note("packet", () => _packets.Add(packet));
        WhenPacket?.Invoke(packet);
    }

    public void OnReadComplete()
    {
        Note("complete");
        WhenReadComplete?.Invoke();
    }

    public void OnMalformed(MqttProtocolException problem)
    {
        Note("malformed", () => Problem = problem);
        WhenMalformed?.Invoke();
    }

    public void OnWritable()
    {
        Note("writable");
        WhenWritable?.Invoke();
    }

    public void OnClosed(Exception? cause)
    {
        Note("closed", () => Cause = cause);
        WhenClosed?.Invoke();
    }

    /// <summary>Wakes waiting specs to look again, after a change of their own making.</summary>
    public void Note(string name, Action? change = null)
    {
        lock (_lock)
        {
            change?.Invoke();
            _events.Add(name);
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Waits until the condition holds after some event; fails at the deadline.</summary>
    public void WaitUntil(Func<RecordingHandler, bool> condition)
    {
        long deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        lock (_lock)
        {
            while (!condition(this))
            {
                int left = (int)(deadline - Environment.TickCount64);
                if (left <= 0 || !Monitor.Wait(_lock, left))
                {
                    condition(this).Should().BeTrue("it should have come about by now; events: {0}", string.Join(' ', _events));
                }
            }
        }
    }

    /// <summary>Runs on the channel's event loop and waits for it.</summary>
    public T OnLoop<T>(Func<T> action)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Channel.EventLoop.Execute(() =>
        {
            try
            {
                done.SetResult(action());
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        });
        return done.Task.WaitAsync(Patience).GetAwaiter().GetResult();
    }

    public void OnLoop(Action action) => OnLoop(() =>
    {
        action();
        return true;
    });

    /// <summary>Sends bytes and flushes, on the event loop.</summary>
    public void Send(byte[] bytes) => OnLoop(() =>
    {
        Channel.Output.Write(bytes);
        Channel.Flush();
    });

    private List<T> Copy<T>(List<T> list)
    {
        lock (_lock)
        {
            return [.. list];
        }
    }
}
