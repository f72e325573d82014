"""What the connection doctor says: what it saw, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping

from editor.base.messages import Message

CHECKS: Mapping[str, Message] = {
    "name": Message("doctor", "Name"), "connect": Message("doctor", "Connection"), "tls": Message("doctor", "Encryption"),
    "hello": Message("doctor", "Server"), "clock": Message("doctor", "Clock"), "token": Message("doctor", "Token"),
    "rights": Message("doctor", "Rights"), "feed": Message("doctor", "Changes"),
}
VERDICTS: Mapping[str, Message] = {
    "good": Message("doctor", "good"), "warn": Message("doctor", "look at this"), "bad": Message("doctor", "wrong"),
    "skipped": Message("doctor", "not examined"),
}
NOT_REACHED = Message("doctor", "Not examined: something before it is in the way.")

NAME = Message("doctor", "The name {host} is known.")
NUMBER = Message("doctor", "{host} is an address without a name; nothing had to be looked up.")
CONNECTED = Message("doctor", "{host} takes the connection.")
THROUGH = Message("doctor", "The proxy {host} takes the connection.")
SECURE = Message("doctor", "The connection is encrypted, and the certificate is good.")
NO_TLS_HERE = Message("doctor", "The server is on this computer; nothing has to be encrypted.")
TLS_BEHIND_PROXY = Message("doctor", "Encryption goes through the proxy; it is examined with the next step.")
IN_THE_OPEN = Message("doctor", "The connection is not encrypted: whoever is on the network can read along.")
USE_HTTPS = Message("doctor", "Ask your administrator for an address that begins with https.")
BLOCKED: Mapping[str, tuple[Message, Message]] = {
    "no_name": (Message("doctor", "The name {host} cannot be found."),
                Message("doctor", "Look whether this computer is online, and whether the address is spelled right.")),
    "refused": (Message("doctor", "{host} is there, but nothing answers on this port."),
                Message("doctor", "The server may be off, or the port in the address is another one: ask your administrator.")),
    "silent": (Message("doctor", "{host} does not answer."),
               Message("doctor", "A firewall may hold it back: try another network, or ask your administrator.")),
    "unreachable": (Message("doctor", "{host} cannot be reached from this network."),
                    Message("doctor", "Look whether this computer is online, or try another network.")),
    "expired": (Message("doctor", "The certificate of {host} has expired."),
                Message("doctor", "Ask the administrator of the server for a new certificate; look at this computer’s date too.")),
    "not_yet": (Message("doctor", "The certificate of {host} does not hold yet."),
                Message("doctor", "Look at this computer’s date and time.")),
    "other_name": (Message("doctor", "The certificate belongs to another name than {host}."),
                   Message("doctor", "Look whether the address is spelled right; else ask the administrator of the server.")),
    "self_signed": (Message("doctor", "The certificate of {host} was made by the server itself; nobody vouches for it."),
                    Message("doctor", "Ask the administrator of the server for a certificate that is recognised.")),
    "untrusted": (Message("doctor", "Nobody known vouches for the certificate of {host}."),
                  Message("doctor", "Something on the network may read along: try another network, or ask your administrator.")),
    "no_tls": (Message("doctor", "{host} does not speak encryption on this port."),
               Message("doctor", "Look whether the address and its port are right.")),
}
ANSWERS = Message("doctor", "A Redactie server answers.")
NOT_OURS = Message("doctor", "Something else answers at this address.")
CHECK_ADDRESS = Message("doctor", "Look at the address; in a hotel or train, log in to the network first.")
BROKE_OFF = Message("doctor", "The connection broke before there was an answer.")
TRY_NETWORK = Message("doctor", "Try again, or on another network. Everything waits here meanwhile.")
STUMBLES = Message("doctor", "The server stumbles over a fault of its own.")
REFUSED = Message("doctor", "The server does not take this question.")
TELL_ADMIN = Message("doctor", "Tell the administrator of the server. Everything waits here meanwhile.")
BUSY = Message("doctor", "The server is busy and asks for patience.")
WAIT = Message("doctor", "Nothing to do: it is tried again by itself.")
TOO_OLD = Message("doctor", "The server wants a newer version of this program.")
GET_NEWER = Message("doctor", "Install the newer version. Writing goes on meanwhile.")
CLOCKS_AGREE = Message("doctor", "This computer’s clock agrees with the server’s.")
CLOCK_BEHIND = Message("doctor", "This computer’s clock is {seconds} s behind the server’s.")
CLOCK_AHEAD = Message("doctor", "This computer’s clock is {seconds} s ahead of the server’s.")
SET_CLOCK = Message("doctor", "Let this computer set its time by itself. Publishing goes by the server’s clock in any case.")
TOKEN_GOOD = Message("doctor", "The server knows you as {person}.")
TOKEN_REFUSED = Message("doctor", "The server does not know the token of this computer, or no longer.")
NO_TOKEN = Message("doctor", "There is no token on this computer.")
ASK_TOKEN = Message("doctor", "Ask your administrator for a new token and connect again. Nothing is lost.")
OTHER_NEWSROOM = Message("doctor", "Another newsroom answers than this profile belongs to.")
OTHER_PERSON = Message("doctor", "The token is another person’s than this profile is.")
OWN_PROFILE = Message("doctor", "Connect with the token that belongs here, or use a profile of its own for the other one.")
NO_RIGHTS = Message("doctor", "You have no role in this newsroom.")
ASK_ROLE = Message("doctor", "Ask your administrator for a role.")
RIGHTS: Mapping[str, Message] = {
    "write": Message("sync_desk", "write"), "plan": Message("sync_desk", "plan"), "others": Message("sync_desk", "others’ work"),
    "approve": Message("sync_desk", "approve"), "publish": Message("sync_desk", "publish"),
    "breaking": Message("sync_desk", "breaking news"), "moderate": Message("sync_desk", "moderate"),
    "settle": Message("sync_desk", "settle escalations"), "manage": Message("sync_desk", "manage"),
}
FEED_OPEN = Message("doctor", "Colleagues’ changes can be fetched.")
FEED_REFUSED = Message("doctor", "The server does not give colleagues’ changes to this person.")
READ_ANEW = Message("doctor", "The server was moved or restored: its changes have to be read from their start.")
READ_ANEW_WAIT = Message("doctor", "Nothing to do: that goes by itself. What is here stays.")
