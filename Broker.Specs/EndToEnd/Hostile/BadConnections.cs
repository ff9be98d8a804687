using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Protocol.Codec;

namespace Broker.Specs.EndToEnd.Hostile;

/// <summary>What never becomes a client: the broker waits for its time and ends the connection.</summary>
internal static class BadConnections
{
    private const string NotEnded = "the broker did not end the connection in time";

    // The beginning of a ClientHello of 512 bytes.
    private static readonly byte[] Hello = [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03, 0x03];
    private static readonly byte[] Connect = Wire.Bytes("10 7F <MQTT> 05 02 003C 00 0070 'slow'");
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public static async Task<string?> HalfHandshakeAsync(HostileScene scene, int number)
    {
        using var connection = await HostileConnection.OpenAsync(scene.Broker, scene.Broker.TlsPort);
        await connection.SendAsync(Hello.AsMemory(0, 1 + (number % Hello.Length)));
        return await connection.EndsAsync() ? null : NotEnded;
    }

    /// <summary>Bytes that come in do not extend the time.</summary>
    public static async Task<string?> SlowConnectAsync(HostileScene scene, int number)
    {
        using var connection = await HostileConnection.OpenAsync(scene.Broker, scene.Broker.Port);
        var ends = connection.EndsAsync();
        using var pace = new PeriodicTimer(Pause);
        for (var sent = 0; !ends.IsCompleted; sent++)
        {
            await connection.SendAsync(sent < Connect.Length ? Connect.AsMemory(sent, 1) : "x"u8.ToArray());
            await Task.WhenAny(ends, pace.WaitForNextTickAsync().AsTask());
        }

        return await ends ? null : NotEnded;
    }

    public static async Task<string?> SilentAsync(HostileScene scene, int number)
    {
        using var connection = await HostileConnection.OpenAsync(scene.Broker, number % 2 == 0 ? scene.Broker.Port : scene.Broker.TlsPort);
        return await connection.EndsAsync() ? null : NotEnded;
    }
}
