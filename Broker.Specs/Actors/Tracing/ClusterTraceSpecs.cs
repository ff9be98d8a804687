using System.Net;
using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit.Xunit2;
using Broker.Actors.Clustering;
using Broker.Actors.Clustering.Wire;
using Broker.Actors.Tracing;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Specs.Actors.Tracing;

/// <summary>A trace as the node that was asked for it puts it together, of a cluster of one.</summary>
public sealed class ClusterTraceSpecs() : TestKit(
    ConfigurationFactory.ParseString("""
        akka {
          actor.provider = cluster
          remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
          loglevel = WARNING
        }
        """).WithFallback(ConfigurationFactory.ParseString(WireSerializer.Hocon)))
{
    private const int Lines = 800;

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task What_waits_on_a_node_when_the_time_is_up_still_comes()
    {
        var cluster = Akka.Cluster.Cluster.Get(Sys);
        await cluster.JoinAsync(cluster.SelfAddress);
        var traces = new NodeTraces(_time, "here");
        Sys.ActorOf(Props.Create(() => new TraceActor(cluster.SelfUniqueAddress, traces)), NodeActors.Tracing);
        var request = new TraceRequest(new TraceFilter("c"), TimeSpan.FromSeconds(10), TraceRequest.HighestRate);
        var got = new List<TraceLine>();
        var reading = Task.Run(async () =>
        {
            await foreach (var line in new ClusterTrace(Sys, request, _time).RunAsync(CancellationToken.None))
            {
                got.Add(line);
            }
        });
        await AwaitConditionAsync(() => Task.FromResult(traces.IsOn));

        var wanting = traces.For("c", new IPEndPoint(IPAddress.Loopback, 1))!;
        for (var i = 0; i < Lines; i++)
        {
            NodeTraces.Record(wanting, topic: null, () => new TraceLine { Time = _time.GetUtcNow(), Node = "here", Event = TraceEvents.Received });
        }

        _time.Advance(request.Duration);
        await AwaitConditionAsync(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            return Task.FromResult(reading.IsCompleted);
        });

        await reading;
        got.Count(static line => line.Event == TraceEvents.Received).Should().Be(Lines);
        got[^1].Event.Should().Be(TraceEvents.Ended);
    }
}
