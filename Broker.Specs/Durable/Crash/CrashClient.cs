using System.Net.Sockets;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.Durable.Crash;

/// <summary>
/// A correct client of a broker that dies: it comes back until it is let go, resumes its session, and keeps its side of the handshakes in between.
/// Now and then it breaks the connection itself.
/// </summary>
internal abstract class CrashClient(string clientId, ProtocolVersion version, CrashRecord record, int seed)
{
    private const uint SessionExpiry = 3600;
    private const int PacketsPerHangUp = 400;

    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _hasSession;

    /// <summary>Completes once the broker has its session, and its subscription where it makes one.</summary>
    public Task Started => _started.Task;

    protected string ClientId { get; } = clientId;

    protected CrashRecord Record { get; } = record;

    protected Random Random { get; } = new(seed);

    /// <summary>Runs until <paramref name="stop"/>.</summary>
    public async Task RunAsync(BrokerEndpoint broker, CancellationToken stop)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        try
        {
            while (true)
            {
                await WaitForTurnAsync(pause, stop);
                try
                {
                    await using var client = await RawClient.OpenAsync(broker, version);
                    await using var hangUp = stop.UnsafeRegister(static state => _ = ((RawClient)state!).CloseAsync(), client);
                    if (await ConnectAsync(client))
                    {
                        await ServeAsync(client);
                    }
                }
                catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException)
                {
                    // The broker is down, or went down: try again.
                }

                await pause.WaitForNextTickAsync(stop);
            }
        }
        catch (OperationCanceledException)
        {
            // Let go.
        }
    }

    /// <summary>Whether the client wants to be connected now: returns when it does.</summary>
    protected virtual Task WaitForTurnAsync(PeriodicTimer pause, CancellationToken stop) => Task.CompletedTask;

    /// <summary>The connection stands: whatever was under way before goes first.</summary>
    protected abstract Task OnConnectedAsync(RawClient client);

    /// <summary>A packet from the broker.</summary>
    protected abstract Task OnPacketAsync(RawClient client, Packet packet);

    /// <summary>Whether the broker owes this client an answer.</summary>
    protected abstract bool IsOwedSomething { get; }

    protected void SetStarted() => _started.TrySetResult();

    private async Task<bool> ConnectAsync(RawClient client)
    {
        await client.SendAsync(new ConnectPacket
        {
            Version = version,
            ClientId = ClientId,
            CleanStart = false,
            SessionExpiryInterval = version == ProtocolVersion.V5 ? SessionExpiry : null,
        });
        switch (await client.NextAsync())
        {
            case ConnAckPacket { ReasonCode: ReasonCode.Success } accepted:
                if (_hasSession && !accepted.SessionPresent)
                {
                    Record.Report($"{ClientId}: the session is gone");
                }

                _hasSession = true;
                return true;

            case null or ConnAckPacket { ReasonCode: ReasonCode.ServerUnavailable }:
                return false;

            case ConnAckPacket { ReasonCode: ReasonCode.UseAnotherServer } when Record.HasOtherNodes:
                return false; // The load balancer has not noticed yet that this node goes away.

            case var other:
                Record.Report($"{ClientId}: CONNECT was answered by {other.Describe()}");
                return false;
        }
    }

    private async Task ServeAsync(RawClient client)
    {
        await OnConnectedAsync(client);
        while (Random.Next(PacketsPerHangUp) != 0)
        {
            if (await client.NextAsync() is { } packet)
            {
                if (packet is DisconnectPacket && Record.HasOtherNodes)
                {
                    return;
                }

                await OnPacketAsync(client, packet);
            }
            else if (client.IsClosed)
            {
                return;
            }
            else if (IsOwedSomething && Record.HasOtherNodes)
            {
                return; // As a client whose keep alive is not answered.
            }
            else if (IsOwedSomething && !Record.AllowsSilence)
            {
                Record.Report($"{ClientId}: nothing came for {Deadline.ForPackets}, though something is owed");
                return;
            }
        }
    }
}
