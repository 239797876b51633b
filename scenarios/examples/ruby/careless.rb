# A careless merchant, as a first attempt often looks. Do not copy it. ../README.md describes its commands. Its mistakes:
# - It sends a payment again after a time-out, without an inquiry about the first one, and charges twice.
# - It swaps NUMTRANS and NUMAPPEL on cancel and refund.
# - It pads RANG to three digits on cancel and refund, so that it differs from the payment's.
# - It joins the variables without percent-encoding, so a & in the reference truncates it.
# - It does not check that the reply repeats SITE, RANG and NUMQUESTION.
# - It reports a failed inquiry as a transaction that does not exist.
# - It reads the reply as UTF-8.
# - It never uses the backup host.
# - It does not look up the order before it pays, so a second call charges again.
# - Its DATEQ is the day in the server's time zone and not in Paris.

require 'net/http'
require 'openssl'

def request(fields)
  fields = {
    'VERSION' => ENV['PAYBOX_VERSION'],
    'SITE' => ENV['PAYBOX_SITE'],
    'RANG' => ENV['PAYBOX_RANG'],
    'IDENTIFIANT' => ENV['PAYBOX_IDENTIFIANT'],
    'NUMQUESTION' => rand(1..2_147_483_647),
    'DATEQ' => Time.now.strftime('%d%m%Y')
  }.merge(fields)
  if ENV['PAYBOX_CLE'].empty?
    fields['HASH'] = 'SHA512'
    message = fields.map { |name, value| "#{name}=#{value}" }.join('&')
    fields['HMAC'] = OpenSSL::HMAC.hexdigest('SHA512', [ENV['PAYBOX_HMAC_KEY']].pack('H*'), message).upcase
  else
    fields['CLE'] = ENV['PAYBOX_CLE']
  end
  url = URI(ENV['PAYBOX_URL'])
  http = Net::HTTP.new(url.host, url.port)
  http.use_ssl = url.scheme == 'https'
  http.read_timeout = (ENV['PAYBOX_TIMEOUT'] || 10).to_f
  body = http.post(url.path, fields.map { |name, value| "#{name}=#{value}" }.join('&')).body
  body.force_encoding('UTF-8').scrub('?').split('&').map { |pair| pair.split('=', 2) }.to_h
end

def ask(fields)
  tries = 0
  begin
    request(fields)
  rescue StandardError
    tries += 1
    retry if tries < 3
    {}
  end
end

def show(word, answer)
  return 'unknown' if answer['CODEREPONSE'].nil?
  return "unavailable #{answer['CODEREPONSE']}" if %w[00001 00003 00097 00098 00099].include?(answer['CODEREPONSE'])
  return "refused #{answer['CODEREPONSE']}" if answer['CODEREPONSE'] != '00000'

  "#{word} #{answer['NUMTRANS']} #{answer['NUMAPPEL']}"
end

def order(type, reference, amount, card)
  { 'TYPE' => type, 'MONTANT' => amount, 'DEVISE' => '978', 'REFERENCE' => reference, 'PORTEUR' => card, 'DATEVAL' => '1249', 'CVV' => '123' }
end

def reversal(type, first, second, amount)
  { 'TYPE' => type, 'MONTANT' => amount, 'DEVISE' => '978', 'NUMAPPEL' => first, 'NUMTRANS' => second, 'RANG' => ENV['PAYBOX_RANG'].rjust(3, '0') }
end

command, *rest = ARGV
case command
when 'pay' then puts show('paid', ask(order('00003', *rest)))
when 'authorize' then puts show('authorized', ask(order('00001', *rest)))
when 'capture'
  puts show('captured', ask({ 'TYPE' => '00002', 'MONTANT' => rest[2], 'DEVISE' => '978', 'NUMTRANS' => rest[0], 'NUMAPPEL' => rest[1] }))
when 'cancel' then puts show('cancelled', ask(reversal('00005', *rest)))
when 'refund' then puts show('refunded', ask(reversal('00014', *rest)))
when 'status'
  answer = ask({ 'TYPE' => '00017', 'NUMTRANS' => rest[0] })
  puts answer['STATUS'] ? "found #{answer['STATUS']}" : 'not-found'
end
