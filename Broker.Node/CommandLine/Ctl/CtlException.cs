namespace Broker.Node.CommandLine.Ctl;

/// <summary>What was asked for cannot be had; the message is for the operator.</summary>
internal sealed class CtlException(string message) : Exception(message);
