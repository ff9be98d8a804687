using System.Diagnostics;
using System.Globalization;
using System.Text;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.EndToEnd.Hostile;

/// <summary>
/// Two good clients: one sends a numbered message at QoS 1 in each interval, whether or not the ones before have been acknowledged, and the other receives them.
/// </summary>
internal sealed class HealthyPair : IAsyncDisposable
{
    private const string End = "end";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly RawClient _publisher;
    private readonly RawClient _subscriber;
    private readonly string _topic;
    private readonly LatencyWindows _latencies;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _publishing;
    private readonly Task<int> _acknowledged;
    private readonly Task<int> _received;
    private volatile int _lastPacketId = -1;

    private HealthyPair(RawClient publisher, RawClient subscriber, string topic, LatencyWindows latencies)
    {
        (_publisher, _subscriber, _topic, _latencies) = (publisher, subscriber, topic, latencies);
        _publishing = PublishAsync();
        _acknowledged = ExpectAcknowledgementsAsync();
        _received = ReceiveAsync();
    }

    /// <summary>Connects both, and begins.</summary>
    public static async Task<HealthyPair> StartAsync(BrokerEndpoint broker, LatencyWindows latencies)
    {
        var topic = Unique.Name("healthy");
        var subscriber = await broker.ConnectAsync(ProtocolVersion.V5);
        await subscriber.SubscribeAsync(topic, QualityOfService.AtLeastOnce);
        return new HealthyPair(await broker.ConnectAsync(ProtocolVersion.V311), subscriber, topic, latencies);
    }

    /// <summary>Sends a last message, and waits until each has been acknowledged and has come, once and in order. Answers how many there were.</summary>
    public async Task<int> FinishAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_publishing, _acknowledged, _received);
        await _subscriber.ExpectNothingAsync();
        (await _acknowledged).Should().Be(await _received);
        return await _received;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _publisher.DisposeAsync();
        await _subscriber.DisposeAsync();
        _stop.Dispose();
    }

    private async Task PublishAsync()
    {
        using var pace = new PeriodicTimer(Interval);
        for (var number = 1; !_stop.IsCancellationRequested; number++)
        {
            await SendAsync(string.Create(CultureInfo.InvariantCulture, $"{number} {Stopwatch.GetTimestamp()}"), _publisher.NextPacketId());
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }

        _lastPacketId = _publisher.NextPacketId();
        await SendAsync(End, (ushort)_lastPacketId);
    }

    private Task SendAsync(string text, ushort packetId) =>
        _publisher.SendAsync(new PublishPacket { Topic = _topic, QoS = QualityOfService.AtLeastOnce, PacketId = packetId, Payload = Encoding.UTF8.GetBytes(text) });

    private async Task<int> ExpectAcknowledgementsAsync()
    {
        for (var count = 1; ; count++)
        {
            if ((await _publisher.ExpectAsync<PubAckPacket>()).PacketId == _lastPacketId)
            {
                return count;
            }
        }
    }

    private async Task<int> ReceiveAsync()
    {
        for (var number = 1; ; number++)
        {
            var text = (await _subscriber.ReceiveAsync()).Text();
            var received = Stopwatch.GetTimestamp();
            if (text == End)
            {
                return number;
            }

            var parts = text.Split(' ');
            parts[0].Should().Be($"{number}", "no message may be lost, twice or out of order");
            _latencies.Add(long.Parse(parts[1], CultureInfo.InvariantCulture), received);
        }
    }
}
