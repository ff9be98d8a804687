using Broker.Node.CommandLine.Ctl;
using Petabridge.Cmd;

namespace Broker.Node.Pbm;

/// <summary>The commands that <c>pbm mqtt</c> has: those of <c>ctl</c> that look at the cluster or end something, under the same names.</summary>
internal static class MqttPalette
{
    public const string Client = "client";
    public const string Session = "session";
    public const string Primary = "primary";
    public const string Kick = "kick";
    public const string Drain = "drain";
    public const string Contains = "contains";
    public const string Limit = "limit";
    public const string Id = "id";
    public const string Node = "node";

    public static readonly CommandPalette Palette = new("mqtt", CtlLists.All.Select(List).Concat(Others()).ToArray());

    private static CommandDefinition List(CtlList list) => Command(list.Name, list.Description)
        .WithArgument(static argument => argument.IsMandatory(false).WithName(Contains).WithSwitch("-c").WithSwitch("--contains"))
        .WithArgument(static argument => argument.IsMandatory(false).WithName(Limit).WithSwitch("-l").WithSwitch("--limit"))
        .Build();

    private static CommandDefinition[] Others() =>
    [
        WithId(Client, "A connected client."),
        WithId(Session, "A session, as its owner tells of it."),
        WithId(Kick, "Ends a client's connection; its session stays."),
        Command(Primary, "Who is primary.").Build(),
        Command(Drain, "A node sends its clients to the others, leaves the cluster, and its process ends. Without a node: the one that pbm is connected to.")
            .WithArgument(static argument => argument.IsMandatory(false).WithName(Node).WithSwitch("-n").WithSwitch("--node"))
            .Build(),
    ];

    private static CommandDefinition WithId(string name, string description) => Command(name, description)
        .WithArgument(static argument => argument.IsMandatory(true).WithName(Id).WithSwitch("-i").WithSwitch("--id"))
        .Build();

    private static CommandDefinitionBuilder Command(string name, string description) => new CommandDefinitionBuilder().WithName(name).WithDescription(description);
}
