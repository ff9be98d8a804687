using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Akka.Actor;
using Akka.Cluster;
using Broker.Actors.Connections;
using Broker.Protocol.Packets;

namespace Broker.Actors.Inspection;

/// <summary>Tells operators, who ask on whichever node, of what this one has.</summary>
internal sealed class InspectionActor : ReceiveActor
{
    /// <summary>Bytes of rows in one answer, unless a single one has more: far below Akka's frame. What is left out comes on the next page.</summary>
    public const int AnswerBytes = 512 * 1024;

    private readonly UniqueAddress _self;
    private readonly LocalInspection _local;

    /// <param name="self">This node.</param>
    /// <param name="local">What it has.</param>
    /// <param name="setLimit">Changes a limit by its name; answers what is wrong, or null.</param>
    public InspectionActor(UniqueAddress self, LocalInspection local, Func<string, string, string?> setLimit)
    {
        _self = self;
        _local = local;
        Receive<InspectionProtocol.Query>(query => Sender.Tell(Answer(query)));
        Receive<InspectionProtocol.SetLimit>(limit => Sender.Tell(new InspectionProtocol.LimitSet(_self, setLimit(limit.Name, limit.Value))));
        Receive<InspectionProtocol.Kick>(kick => Sender.Tell(new InspectionProtocol.Kicked(_self, Kick(kick.ClientId))));
    }

    private InspectionProtocol.Answer Answer(InspectionProtocol.Query query) => query.List switch
    {
        InspectionList.Nodes => Write(_local.Nodes(query.Page), InspectionJson.Default.NodeRow),
        InspectionList.Clients => Write(_local.Clients(query.Page), InspectionJson.Default.ClientRow),
        InspectionList.LiveSubscriptions => Write(_local.LiveSubscriptions(query.Page), InspectionJson.Default.SubscriptionRow),
        InspectionList.Listeners => Write(_local.Listeners(query.Page), InspectionJson.Default.ListenerRow),
        _ => throw new InvalidOperationException($"There is no list {query.List}."),
    };

    private InspectionProtocol.Answer Write<T>(PageShare<T> share, JsonTypeInfo<T> type)
        where T : IInspectionRow
    {
        var rows = new List<byte[]>(share.Rows.Count);
        var bytes = 0;
        foreach (var row in share.Rows)
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(row, type);
            bytes += json.Length;
            if (rows.Count > 0 && bytes > AnswerBytes)
            {
                return new InspectionProtocol.Answer(_self, rows, share.Total, HasMore: true);
            }

            rows.Add(json);
        }

        return new InspectionProtocol.Answer(_self, rows, share.Total, share.HasMore);
    }

    private int Kick(string clientId)
    {
        var count = 0;
        foreach (var connection in _local.ConnectionsOf(clientId))
        {
            connection.Loop.Post(connection, new ConnectionProtocol.Disconnect(ReasonCode.AdministrativeAction, "an operator ended the connection"));
            count++;
        }

        return count;
    }
}
