using System.Buffers;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Broker.Protocol.Packets;
using DotNetty.Common.Concurrency;

namespace Broker.Protocol.Transport;

/// <summary>
/// A client's byte stream with packets on one side. Except where noted, members are used on
/// <see cref="EventLoop"/> only, and calls to the handler come on it.
/// </summary>
public interface IMqttChannel
{
    /// <summary>The event loop that owns the connection. Any thread may ask for it and execute on it.</summary>
    IEventExecutor EventLoop { get; }

    /// <summary>The name of the listener it came through. Any thread.</summary>
    string Listener { get; }

    /// <summary>The client's address, the real one where a proxy told it, with the Private Link that it comes through. Any thread.</summary>
    EndPoint RemoteAddress { get; }

    /// <summary>The certificate that the client proved to hold, or null. Any thread, once the handler has been created.</summary>
    X509Certificate2? ClientCertificate { get; }

    /// <summary>The version for decoding; the decoder sets it from CONNECT.</summary>
    ProtocolVersion Version { get; }

    /// <summary>Bytes of the largest packet accepted from the client. Starts at the listener's limit for CONNECT.</summary>
    int MaximumPacketSize { get; set; }

    /// <summary>Where packets to the client are encoded to. Nothing is sent before <see cref="Flush"/>.</summary>
    IBufferWriter<byte> Output { get; }

    /// <summary>Bytes in <see cref="Output"/> and behind it that the socket has not taken yet.</summary>
    long PendingBytes { get; }

    /// <summary>Bytes of MQTT that have come, TLS and the like left out. Grows.</summary>
    long BytesReceived { get; }

    /// <summary>Bytes of MQTT that were flushed. Grows.</summary>
    long BytesSent { get; }

    /// <summary>False from the moment that more than the high water mark is pending until less than the low one is.</summary>
    bool IsWritable { get; }

    /// <summary>False once the connection is closed; what is written from then on is dropped.</summary>
    bool IsActive { get; }

    /// <summary>Hands everything in <see cref="Output"/> to the socket in one write. Cheap where there is nothing.</summary>
    void Flush();

    /// <summary>Stops reading from the socket: TCP holds the client. Idempotent.</summary>
    void PauseReading();

    /// <summary>Reads again; packets already read and held back are handled first. Idempotent.</summary>
    void ResumeReading();

    /// <summary>Sends what is in <see cref="Output"/>, then closes. Packets still to be read are dropped. Idempotent; any thread.</summary>
    void Close();
}
