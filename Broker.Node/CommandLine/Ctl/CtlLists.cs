namespace Broker.Node.CommandLine.Ctl;

/// <summary>A list that <c>ctl</c> shows.</summary>
/// <param name="Name">Of the command, and of the path.</param>
/// <param name="Description">For the help.</param>
/// <param name="Columns">Of the table.</param>
internal sealed record CtlList(string Name, string Description, params CtlColumn[] Columns);

/// <summary>All of them.</summary>
internal static class CtlLists
{
    public static IReadOnlyList<CtlList> All { get; } =
    [
        new(
            "nodes",
            "The members of the cluster.",
            new("NODE", "node"), new("READY", "isReady"), new("PRIMARY", "isPrimary"), new("DRAIN", "drain"), new("CLIENTS", "clients"), new("VERSION", "version"), new("STARTED", "startedAt"), new("STATE", "readiness")),
        new(
            "clients",
            "Connected clients, of all nodes.",
            new("CLIENT", "clientId"), new("NODE", "node"), new("ADDRESS", "address"), new("LISTENER", "listener"), new("MQTT", "protocol"), new("USER", "userName"), new("CONNECTED", "connectedAt"), new("DURABLE", "isDurable")),
        new("sessions", "Sessions that outlive their connection.", new("CLIENT", "clientId"), new("CONNECTED", "isConnected"), new("NODE", "node")),
        new(
            "subscriptions",
            "Subscriptions of all sessions.",
            new("CLIENT", "clientId"), new("FILTER", "filter"), new("QOS", "qos"), new("DURABLE", "isDurable"), new("ID", "identifier")),
        new("routes", "Where the node that is asked sends what a filter matches.", new("FILTER", "filter"), new("LIVE", "live"), new("DURABLE", "durable"), new("GROUPS", "groups"), new("NODES", "nodes")),
        new("groups", "Shared groups.", new("GROUP", "shareName"), new("FILTER", "filter"), new("MEMBERS", "members"), new("ONLINE", "online"), new("CLIENTS", "clientIds")),
        new("retained", "Retained messages.", new("TOPIC", "topic"), new("QOS", "qos"), new("BYTES", "bytes"), new("EXPIRES", "expiresAt")),
        new("listeners", "Open listeners, of all nodes.", new("NODE", "node"), new("NAME", "name"), new("TYPE", "type"), new("ADDRESS", "address"), new("CONNECTIONS", "connections")),
    ];
}
