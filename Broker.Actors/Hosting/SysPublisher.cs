using System.Globalization;
using System.Text;
using Broker.Actors.Clustering.Operations;
using Broker.Actors.Connections;
using Broker.Actors.Retained;
using Broker.Actors.Routing;

namespace Broker.Actors.Hosting;

/// <summary>
/// The node's totals under <c>$SYS/broker</c>, with Mosquitto's names where it has them, and the cluster's under <c>$SYS/cluster</c>. They are this node's own:
/// kept as retained messages in its copy alone, never stored, never sent to another node.
/// </summary>
internal sealed class SysPublisher(NodeParts parts, BrokerOptions options, TimeProvider time)
{
    private readonly Dictionary<string, string> _last = new(StringComparer.Ordinal);
    private readonly long _startedAt = time.GetTimestamp();
    private readonly Lock _gate = new();
    private int _mostConnected;

    /// <summary>Publishes what has changed.</summary>
    public void Publish()
    {
        // A timer fires again even where the last run is not done.
        lock (_gate)
        {
            Set("version", $"Akka.Mqtt {options.Version}");
            Set("uptime", $"{(long)time.GetElapsedTime(_startedAt).TotalSeconds} seconds");
            var totals = Totals.Of(parts.Context, parts.Sessions);
            PublishClients((int)totals.Connected);
            PublishMessages(totals);
            PublishCluster(parts.Primary.Report);
            Set("subscriptions/count", parts.Context.Routes.Tree.Count);
            Set("retained messages/count", parts.Context.RetainedCopy.Count);
            Set("heap/current", GC.GetTotalMemory(forceFullCollection: false));
        }
    }

    private void PublishClients(int connected)
    {
        var durable = parts.Sessions.DurableSessionCount;
        var offline = Math.Max(0, durable - parts.Context.Directory.All.Count(static connection => connection.IsConnected && connection.IsDurable));
        Set("clients/connected", connected);
        _mostConnected = Math.Max(_mostConnected, connected);
        Set("clients/maximum", _mostConnected);
        Set("clients/active", connected);
        Set("clients/disconnected", offline);
        Set("clients/inactive", offline);
        Set("clients/total", connected + offline);
    }

    private void PublishMessages(NodeTotals totals)
    {
        Set("bytes/received", totals.BytesReceived);
        Set("bytes/sent", totals.BytesSent);
        Set("messages/received", totals.PacketsReceived);
        Set("messages/sent", totals.PacketsSent);
        Set("publish/messages/received", totals.PublishReceived);
        Set("publish/messages/sent", totals.PublishSent);
        foreach (var reason in Enum.GetValues<DropReason>())
        {
            Set($"publish/messages/dropped/{reason.Name()}", Totals.Dropped(parts.Context, parts.Sessions, reason));
        }

        Set("publish/messages/dropped", totals.Dropped);
    }

    /// <summary>As the primary has added them up: every node tells its own clients.</summary>
    private void PublishCluster(PrimaryReport? report)
    {
        if (report is null)
        {
            return;
        }

        SetCluster("primary", report.Primary.Address.ToString());
        SetCluster("nodes/count", Text(report.Nodes));
        SetCluster("nodes/ready", Text(report.Ready));
        SetCluster("clients/connected", Text(report.Totals.Connected));
        SetCluster("bytes/received", Text(report.Totals.BytesReceived));
        SetCluster("bytes/sent", Text(report.Totals.BytesSent));
        SetCluster("messages/received", Text(report.Totals.PacketsReceived));
        SetCluster("messages/sent", Text(report.Totals.PacketsSent));
        SetCluster("publish/messages/received", Text(report.Totals.PublishReceived));
        SetCluster("publish/messages/sent", Text(report.Totals.PublishSent));
        SetCluster("publish/messages/dropped", Text(report.Totals.Dropped));
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private void Set(string name, long value) => Set(name, Text(value));

    private void Set(string name, string value) => Publish("$SYS/broker/" + name, value);

    private void SetCluster(string name, string value) => Publish("$SYS/cluster/" + name, value);

    private void Publish(string topic, string value)
    {
        if (_last.TryGetValue(topic, out var last) && last == value)
        {
            return;
        }

        _last[topic] = value;
        var publication = new Publication { Topic = topic, Payload = Encoding.UTF8.GetBytes(value), IsOfThisNode = true };
        parts.Context.RetainedCopy.Apply(new RetainedMessage(publication, Origin: 0, WriteNumber: 0));
        parts.Publish(publication);
    }
}
